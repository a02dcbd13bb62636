import { type Dtype, dtypeBytes, isDtype } from "./dtype.js";
import { malformed, quoted } from "./malformed.js";
import { parseStrictJson, type StrictJson } from "./strict-json.js";

/** Where a tensor lies in its file. `begin` and `end` are byte positions from the start of the file. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly path: string;
  readonly begin: number;
  readonly end: number;
}

/** Room for over 30,000 tensors in one file; the largest published checkpoints have headers below 4 MiB a file. */
export const MAX_HEADER_BYTES = 16 * 1024 * 1024;
/** Llama-family tensors have one or two axes; eight leaves room for anything that is only listed. */
const MAX_RANK = 8;
/** Bytes of the little-endian header length that a file starts with. */
export const LENGTH_BYTES = 8;

/** The header's length in bytes; refused when it cannot be right for a file of `fileBytes`. */
export function headerLength(first8: Uint8Array, fileBytes: number, label: string): number {
  if (first8.byteLength < LENGTH_BYTES)
    throw malformed(label, `has ${fileBytes} bytes, too few for a safetensors file`);
  const length = new DataView(first8.buffer, first8.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw malformed(label, `claims a header of ${length} bytes; at most ${MAX_HEADER_BYTES} are read`);
  }
  if (length + BigInt(LENGTH_BYTES) > BigInt(fileBytes)) {
    throw malformed(label, `claims a header of ${length} bytes in a file of ${fileBytes}`);
  }
  return Number(length);
}

/** A checked header: tensors by name in the order of their bytes. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Parses and checks a header against the size of its file. Tensors must lie behind one another without
 * hole or overlap up to the last byte, each with exactly the bytes of its shape and dtype.
 */
export function parseHeader(bytes: Uint8Array, path: string, fileBytes: number, label: string): SafetensorsHeader {
  const root = parseRoot(bytes, label);
  const dataStart = LENGTH_BYTES + bytes.byteLength;
  const metadata = new Map<string, string>();
  const tensors: TensorInfo[] = [];
  for (const [name, value] of root) {
    if (name === "__metadata__") readMetadata(value, metadata, label);
    else tensors.push(readEntry(name, value, { path, dataStart, fileBytes, label }));
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCovering(tensors, dataStart, fileBytes, label);
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata };
}

function parseRoot(bytes: Uint8Array, label: string): ReadonlyMap<string, StrictJson> {
  let root: StrictJson;
  try {
    root = parseStrictJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw malformed(
      label,
      `the header is not valid JSON (${cause instanceof Error ? cause.message : "unreadable"})`,
      cause,
    );
  }
  if (!(root instanceof Map)) throw malformed(label, "the header is not a JSON object");
  return root;
}

function readMetadata(value: StrictJson, into: Map<string, string>, label: string): void {
  if (!(value instanceof Map)) throw malformed(label, "'__metadata__' is not an object");
  for (const [key, text] of value) {
    if (typeof text !== "string")
      throw malformed(label, `'__metadata__' has a value that is no string at ${quoted(key)}`);
    into.set(key, text);
  }
}

interface FileFacts {
  readonly path: string;
  readonly dataStart: number;
  readonly fileBytes: number;
  readonly label: string;
}

function readEntry(name: string, value: StrictJson, file: FileFacts): TensorInfo {
  const fail = (problem: string) => malformed(file.label, `tensor ${quoted(name)} ${problem}`);
  if (!(value instanceof Map)) throw fail("is not described by an object");
  const dtype = value.get("dtype");
  if (typeof dtype !== "string" || !isDtype(dtype)) throw fail(`has an unknown dtype ${quoted(String(dtype))}`);
  const shape = sizes(value.get("shape"));
  if (shape === undefined || shape.length > MAX_RANK) throw fail("has a shape that is not a short list of sizes");
  const offsets = sizes(value.get("data_offsets"));
  const [from, to] = offsets ?? [];
  if (offsets?.length !== 2 || from === undefined || to === undefined) throw fail("has no pair of data_offsets");
  if (from > to) throw fail(`has descending data_offsets [${from}, ${to}]`);
  if (file.dataStart + to > file.fileBytes) throw fail(`ends at byte ${to} of the data, past the end of the file`);
  const expected = shape.reduce((product, size) => product * BigInt(size), BigInt(dtypeBytes[dtype]));
  if (expected !== BigInt(to - from)) {
    throw fail(`has ${to - from} bytes, but ${dtype} of shape [${shape.join(", ")}] needs ${expected}`);
  }
  return { name, dtype, shape, path: file.path, begin: file.dataStart + from, end: file.dataStart + to };
}

function sizes(value: StrictJson | undefined): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list: readonly StrictJson[] = value;
  return list.every((n): n is number => typeof n === "number" && Number.isSafeInteger(n) && n >= 0) ? list : undefined;
}

function checkCovering(sorted: readonly TensorInfo[], dataStart: number, fileBytes: number, label: string): void {
  let position = dataStart;
  for (const tensor of sorted) {
    if (tensor.begin < position) throw malformed(label, `tensor ${quoted(tensor.name)} overlaps the one before it`);
    if (tensor.begin > position) {
      throw malformed(
        label,
        `${tensor.begin - position} bytes before tensor ${quoted(tensor.name)} belong to no tensor`,
      );
    }
    position = tensor.end;
  }
  if (position !== fileBytes) throw malformed(label, `${fileBytes - position} trailing bytes belong to no tensor`);
}
