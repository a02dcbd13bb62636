const LONGEST = 1024;

/** A text of the URL, which the router may have read as a number; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= LONGEST ? text : undefined;
}
