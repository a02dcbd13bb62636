import fc from "fast-check";

const encoder = new TextEncoder();

/** Texts that parsers stumble over. */
const awkward = [
  "",
  "\0",
  "\n",
  "\r\n",
  '"',
  "\\",
  "\\u0000",
  "\\ud800",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "-",
  "-0",
  "1e999",
  "1e-999",
  "9007199254740993",
  "18446744073709551616",
  "0.1",
  "null",
  "true",
  "NaN",
  "Infinity",
  '"__proto__":',
  '"constructor":',
  "../",
  "%2e%2e",
  "\u2028",
  "é",
  "😀",
  "[".repeat(20_000),
  '{"a":'.repeat(20_000),
] as const;

interface Edit {
  readonly kind: "byte" | "insert" | "delete" | "repeat" | "cut";
  /** Where, as a share of the input. */
  readonly at: number;
  readonly length: number;
  readonly byte: number;
  readonly text: string;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

function edited(input: Uint8Array, edit: Edit): Uint8Array {
  const at = Math.floor(edit.at * input.length);
  const [before, after] = [input.subarray(0, at), input.subarray(at)];
  const here = after.subarray(0, edit.length);
  switch (edit.kind) {
    case "byte":
      return Buffer.concat([before, Uint8Array.of(edit.byte), after.subarray(1)]);
    case "insert":
      return Buffer.concat([before, encoder.encode(edit.text), after]);
    case "delete":
      return Buffer.concat([before, after.subarray(edit.length)]);
    case "repeat":
      return Buffer.concat([before, here, here, after]);
    case "cut":
      return before;
    default: {
      const impossible: never = edit.kind;
      throw new TypeError(`unknown edit ${String(impossible)}`);
    }
  }
}

/** Valid inputs with a few bytes changed, put in, left out or repeated; `words` are texts that mean something in them. */
export function changedBytes(valid: fc.Arbitrary<Uint8Array>, words: readonly string[] = []): fc.Arbitrary<Uint8Array> {
  const edit = fc.record<Edit>({
    kind: fc.constantFrom("byte", "byte", "insert", "insert", "delete", "repeat", "cut"),
    at: share,
    length: fc.nat(40),
    byte: fc.nat(255),
    text: fc.constantFrom(...awkward, ...words),
  });
  return fc.tuple(valid, fc.array(edit, { maxLength: 5 })).map(([input, edits]) => edits.reduce(edited, input));
}

/** Stands in a JSON text for a list nested so deeply that `JSON.stringify` could not write it. */
const DEEP = "@@deep@@";
const deepText = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;

const awkwardValue = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  -(2 ** 31),
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  "",
  "0",
  "\0",
  "\ud800",
  "__proto__",
  "constructor",
  "x".repeat(5000),
  [],
  {},
  [[]],
  DEEP,
);

interface JsonEdit {
  readonly kind: "value" | "leave-out" | "rename" | "copy";
  readonly at: number;
  readonly value: unknown;
  readonly key: string;
}

type Place = readonly [parent: Record<string, unknown>, key: string];

function placesOf(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const parent = value as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [[parent, key] as const, ...placesOf(parent[key])]);
}

function editJson(root: unknown, { kind, at, value, key: newKey }: JsonEdit): void {
  const places = placesOf(root);
  const place = places[Math.min(places.length - 1, Math.floor(at * places.length))];
  if (place === undefined) return;
  const [parent, key] = place;
  const put = (name: string, content: unknown) =>
    Object.defineProperty(parent, name, { value: content, enumerable: true, configurable: true, writable: true });
  if (kind === "value") put(key, structuredClone(value));
  if (Array.isArray(parent)) {
    if (kind === "copy") parent.push(structuredClone(parent[Number(key)]));
    if (kind === "rename" || kind === "leave-out") parent.splice(Number(key), 1);
    return;
  }
  if (kind === "rename" || kind === "copy") put(newKey, structuredClone(parent[key]));
  if (kind === "rename" || kind === "leave-out") delete parent[key];
}

/** Valid JSON documents of which a few values are replaced, left out, copied or given another key; always JSON again. */
export function changedJson(valid: fc.Arbitrary<unknown>, keys: readonly string[] = []): fc.Arbitrary<Uint8Array> {
  const edit = fc.record<JsonEdit>({
    kind: fc.constantFrom("value", "value", "leave-out", "rename", "copy"),
    at: share,
    value: awkwardValue,
    key: fc.constantFrom("__proto__", "constructor", "", "x".repeat(2000), "\n", ...keys),
  });
  return fc.tuple(valid, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([document, edits]) => {
    const copy = structuredClone(document);
    for (const one of edits) editJson(copy, one);
    return encoder.encode(JSON.stringify(copy).replaceAll(`"${DEEP}"`, deepText));
  });
}
