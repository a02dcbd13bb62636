/** The same record with its keys in code-unit order: a database may give the keys of a JSON object back in another order. */
export function sortedKeys<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A JSON value with the keys of every object in it in code-unit order. */
export function deeplySorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map(deeplySorted) as T;
  if (value === null || typeof value !== "object") return value;
  return sortedKeys(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deeplySorted(inner)]))) as T;
}
