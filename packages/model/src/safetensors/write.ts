import { type FileHandle, open } from "node:fs/promises";
import type { WeightDtype } from "./dtype.js";
import { dtypeBytes } from "./dtype.js";
import { floatToBrain, toHalves } from "./half.js";
import { LENGTH_BYTES, MAX_HEADER_BYTES } from "./header.js";

/** One tensor to write. `data` may be a function, called when its turn comes, so that only one tensor is in memory. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: WeightDtype;
  readonly shape: readonly number[];
  readonly data: Float32Array | (() => Float32Array | Promise<Float32Array>);
}

/** Values that are converted and written at once. */
const CHUNK_VALUES = 1024 * 1024;

/**
 * Writes a safetensors file: tensors in the order given, header padded with spaces to 8 bytes, synced to disk
 * before the promise resolves. The same entries give the same bytes. F16 and BF16 round to nearest even.
 * Throws `RangeError` for a duplicate or reserved name, or data that does not fit its shape. An existing file is replaced.
 */
export async function writeSafetensors(
  path: string,
  entries: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const header = encodeHeader(entries, metadata);
  const handle = await open(path, "w");
  try {
    await writeAll(handle, header);
    for (const entry of entries) await writeTensor(handle, entry);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

function encodeHeader(entries: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Uint8Array {
  // A map, not an object: object keys that look like integers would be moved to the front.
  const parts = new Map<string, string>();
  if (Object.keys(metadata).length > 0) {
    const sorted = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
    parts.set("__metadata__", JSON.stringify(Object.fromEntries(sorted)));
  }
  let offset = 0;
  for (const { name, dtype, shape } of entries) {
    if (name === "__metadata__" || name === "__proto__") throw new RangeError(`tensor name '${name}' is reserved`);
    if (parts.has(name)) throw new RangeError(`tensor '${name}' is given twice`);
    const end = offset + elements(shape) * dtypeBytes[dtype];
    if (!Number.isSafeInteger(end) || end < offset) throw new RangeError(`tensor '${name}' has the shape [${shape}]`);
    parts.set(name, JSON.stringify({ dtype, shape, data_offsets: [offset, end] }));
    offset = end;
  }
  const json = `{${[...parts].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.byteLength / 8) * 8;
  if (length > MAX_HEADER_BYTES)
    throw new RangeError(`header of ${length} bytes; at most ${MAX_HEADER_BYTES} are read back`);
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, LENGTH_BYTES);
  return bytes;
}

async function writeTensor(handle: FileHandle, entry: TensorToWrite): Promise<void> {
  const values = typeof entry.data === "function" ? await entry.data() : entry.data;
  if (values.length !== elements(entry.shape)) {
    throw new RangeError(`tensor '${entry.name}' has ${values.length} values for the shape [${entry.shape}]`);
  }
  for (let at = 0; at < values.length; at += CHUNK_VALUES) {
    await writeAll(handle, encodeValues(values.subarray(at, at + CHUNK_VALUES), entry.dtype));
  }
}

function encodeValues(values: Float32Array, dtype: WeightDtype): Uint8Array {
  if (dtype === "F32") return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bits = dtype === "F16" ? toHalves(values) : Uint16Array.from(values, floatToBrain);
  return new Uint8Array(bits.buffer);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    done += (await handle.write(bytes, done, bytes.byteLength - done)).bytesWritten;
  }
}
