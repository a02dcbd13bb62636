import { ProblemError } from "@espalier/client";
import type { Field } from "./fields.js";

/** What is wrong where. */
export interface Problems {
  /** By the field's pointer. */
  readonly byField: ReadonlyMap<string, string>;
  /** What belongs to no field of the form. */
  readonly others: readonly string[];
}

/** Sorts what the service found wrong to the fields that hold it: an error inside of a field's value is the field's. */
export function problemsOf(error: Error | null, fields: readonly Field[]): Problems {
  const byField = new Map<string, string>();
  const others: string[] = [];
  if (!(error instanceof ProblemError)) return { byField, others: error === null ? [] : [error.message] };
  const found = error.problem?.errors ?? [];
  for (const { pointer, detail } of found) {
    const field = fields.find(({ pointer: at }) => pointer === at || pointer.startsWith(`${at}/`));
    if (field === undefined) others.push(pointer === "" ? detail : `${pointer}: ${detail}`);
    else if (!byField.has(field.pointer)) byField.set(field.pointer, detail);
  }
  if (found.length === 0) others.push(error.message);
  return { byField, others };
}
