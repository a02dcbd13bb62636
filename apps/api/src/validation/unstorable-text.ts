import type { FieldProblem } from "@espalier/contracts";
import { jsonPointer } from "./field-problems.js";

/** NUL and halves of surrogate pairs are valid in JSON and in no text that Postgres stores. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

const DETAIL = "NUL characters and lone surrogates are not text.";

/** Places of strings, keys included, that cannot be stored. */
export function unstorableText(value: unknown, path: readonly PropertyKey[] = []): FieldProblem[] {
  if (typeof value === "string") {
    return UNSTORABLE.test(value) ? [{ detail: DETAIL, pointer: jsonPointer(path) }] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    UNSTORABLE.test(key) ? [{ detail: DETAIL, pointer: jsonPointer(path) }] : unstorableText(inner, [...path, key]),
  );
}
