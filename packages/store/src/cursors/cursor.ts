import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "@espalier/contracts";

/** Values of the last row's sort columns. */
export type CursorValues = readonly (string | number | null)[];

/** Which list a cursor belongs to: its name, filter and sort; another list refuses it. */
export type ListIdentity = Readonly<Record<string, string | number | undefined>>;

export interface CursorCodec {
  encode(list: ListIdentity, values: CursorValues): string;
  /** Throws AppError CURSOR_INVALID for a cursor that we did not make, or made for another list. */
  decode(list: ListIdentity, cursor: string): CursorValues;
}

const SIGNATURE_BYTES = 16;

/**
 * Opaque cursors: the values in base64url, signed with HMAC-SHA-256 over them and the list's identity. The first key signs;
 * what any of them signed is accepted.
 */
export function cursorCodec(keys: readonly [Uint8Array, ...Uint8Array[]]): CursorCodec {
  const sign = (key: Uint8Array, list: ListIdentity, payload: string) =>
    createHmac("sha256", key)
      .update(JSON.stringify([Object.entries(list).sort(), payload]))
      .digest()
      .subarray(0, SIGNATURE_BYTES)
      .toString("base64url");
  return {
    encode(list, values) {
      const payload = Buffer.from(JSON.stringify(values)).toString("base64url");
      return `${payload}.${sign(keys[0], list, payload)}`;
    },
    decode(list, cursor) {
      const [payload = "", signature = "", ...rest] = cursor.split(".");
      if (rest.length > 0 || !keys.some((key) => isEqual(signature, sign(key, list, payload)))) {
        throw new AppError(
          "CURSOR_INVALID",
          "This cursor was not made for this list. Use 'next_cursor' of its page before, with the same filter and sort.",
          { errors: [{ detail: "not a cursor of this list", pointer: "/cursor" }] },
        );
      }
      return JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as CursorValues;
    },
  };
}

/** Compares texts, not the bytes they stand for: the last character of base64 has bits to spare. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
