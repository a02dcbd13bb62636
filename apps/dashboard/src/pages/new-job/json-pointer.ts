/** A JSON object: a job's body as far as it is filled in. */
export type Body = { readonly [key: string]: unknown };

const keysOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a JSON Pointer (RFC 6901) that leads through objects; undefined where nothing does. */
export const valueAt = (body: unknown, pointer: string): unknown =>
  keysOf(pointer).reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), body);

/** A body with another value there; without the key, and objects that it leaves empty, for undefined. */
export function withValue(body: Body, pointer: string, value: unknown): Body {
  return put(body, keysOf(pointer), value) ?? {};
}

function put(body: unknown, [key, ...rest]: readonly string[], value: unknown): Body | undefined {
  if (key === undefined) return undefined;
  const { [key]: before, ...others } = isObject(body) ? body : {};
  const after = rest.length === 0 ? value : put(before, rest, value);
  const made = after === undefined ? others : { ...(isObject(body) ? body : {}), [key]: after };
  return Object.keys(made).length === 0 ? undefined : made;
}

/** Whether a value at this place would have to go through something that is no object, such as a list. */
export function isBlocked(body: Body, pointer: string): boolean {
  const keys = keysOf(pointer);
  return keys.some((_key, depth) => {
    const above = valueAt(
      body,
      keys
        .slice(0, depth)
        .map((key) => `/${key}`)
        .join(""),
    );
    return depth > 0 && above !== undefined && !isObject(above);
  });
}
