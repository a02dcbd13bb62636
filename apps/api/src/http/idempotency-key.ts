import { createHash } from "node:crypto";
import { AppError, type CreateJobBody } from "@espalier/contracts";
import type { IdempotencyClaim } from "@espalier/pipeline";

const MAX_LENGTH = 255;

/** JSON with sorted keys, so that equal bodies hash alike whatever the order of their keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
    .join(",")}}`;
}

/** The key as it is compared: a quoted string of structured fields and the bare form mean the same. */
function readKey(header: string): string {
  const quoted = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header.trim());
  const key = quoted?.[1] === undefined ? header.trim() : quoted[1].replace(/\\(["\\])/g, "$1");
  if (key.length < 1 || key.length > MAX_LENGTH || !/^[\x20-\x7e]+$/.test(key)) {
    throw new AppError("BAD_REQUEST", `Idempotency-Key must have 1 to ${MAX_LENGTH} printable ASCII characters.`);
  }
  return key;
}

/** What makes a repeated submit harmless; undefined without the header. Throws BAD_REQUEST for a key that is none. */
export function idempotencyClaim(header: string | undefined, body: CreateJobBody): IdempotencyClaim | undefined {
  if (header === undefined) return undefined;
  return { key: readKey(header), bodyHash: createHash("sha256").update(canonical(body)).digest("hex") };
}
