import { type FileHandle, open } from "node:fs/promises";
import { ByteReader } from "./byte-reader.js";
import { aligned, MAGIC, type TensorEntry, tensorBytes, VERSION } from "./header.js";
import { type GgufMetadata, type GgufValue, valueTypeIds } from "./metadata.js";
import { type TensorType, tensorEncodings } from "./tensor-type.js";

/** A GGUF file of ours, its header read. */
export interface GgufFile {
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, PlacedTensor>;
  /** The numbers of one tensor, decoded. */
  read(tensor: PlacedTensor): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A tensor and where it begins in the file. */
export interface PlacedTensor extends TensorEntry {
  readonly start: number;
}

/**
 * Opens a GGUF file, to check what was written: knows the types that we write. Throws RangeError for others and for a
 * file that ends too early.
 */
export async function openGguf(path: string): Promise<GgufFile> {
  const handle = await open(path, "r");
  try {
    const reader = new ByteReader(handle);
    const [magic, version] = [await reader.uint32(), await reader.uint32()];
    if (magic !== MAGIC || version !== VERSION) throw new RangeError(`no GGUF file of version ${VERSION}`);
    const [tensorCount, valueCount] = [await reader.uint64(), await reader.uint64()];
    const metadata = await readMetadata(reader, valueCount);
    const tensors = await readTensors(reader, tensorCount);
    return { metadata, tensors, read: (tensor) => readTensor(handle, tensor), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readMetadata(reader: ByteReader, count: number): Promise<Map<string, GgufValue>> {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) metadata.set(await reader.text(), await readValue(reader, await typeName(reader)));
  return metadata;
}

async function typeName(reader: ByteReader): Promise<GgufValue["type"]> {
  const id = await reader.uint32();
  const found = Object.entries(valueTypeIds).find(([, known]) => known === id);
  if (found === undefined) throw new RangeError(`a value of the type ${id}, which we do not write`);
  return found[0] as GgufValue["type"];
}

async function readValue(reader: ByteReader, type: GgufValue["type"]): Promise<GgufValue> {
  switch (type) {
    case "uint32":
      return { type, value: await reader.uint32() };
    case "int32":
      return { type, value: await reader.int32() };
    case "float32":
      return { type, value: await reader.float32() };
    case "bool":
      return { type, value: await reader.bool() };
    case "string":
      return { type, value: await reader.text() };
    case "array":
      return await readArray(reader);
  }
}

async function readArray(reader: ByteReader): Promise<GgufValue> {
  const of = await typeName(reader);
  const length = await reader.uint64();
  const each = async <T>(read: () => Promise<T>): Promise<T[]> => {
    const values: T[] = [];
    for (let i = 0; i < length; i++) values.push(await read());
    return values;
  };
  if (of === "string") return { type: "array", of, value: await each(() => reader.text()) };
  if (of === "int32") return { type: "array", of, value: await each(() => reader.int32()) };
  if (of === "float32") return { type: "array", of, value: await each(() => reader.float32()) };
  throw new RangeError(`an array of ${of}, which we do not write`);
}

async function readTensors(reader: ByteReader, count: number): Promise<Map<string, PlacedTensor>> {
  const entries: (TensorEntry & { readonly offset: number })[] = [];
  for (let i = 0; i < count; i++) {
    const name = await reader.text();
    const sizes: number[] = [];
    for (let rank = await reader.uint32(); sizes.length < rank; ) sizes.push(await reader.uint64());
    entries.push({ name, shape: sizes.reverse(), type: await tensorType(reader), offset: await reader.uint64() });
  }
  const start = aligned(reader.position);
  return new Map(entries.map(({ offset, ...entry }) => [entry.name, { ...entry, start: start + offset }]));
}

async function tensorType(reader: ByteReader): Promise<TensorType> {
  const id = await reader.uint32();
  const found = Object.entries(tensorEncodings).find(([, encoding]) => encoding.id === id);
  if (found === undefined) throw new RangeError(`a tensor of the type ${id}, which we do not write`);
  return found[0] as TensorType;
}

/** One call reads at most 2 GB. */
const MAX_READ = 1024 * 1024 * 1024;

async function readTensor(handle: FileHandle, tensor: PlacedTensor): Promise<Float32Array> {
  const bytes = Buffer.alloc(tensorBytes(tensor));
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(MAX_READ, bytes.length - at), tensor.start + at);
    if (bytesRead === 0) throw new RangeError(`the file ends within tensor '${tensor.name}'`);
    at += bytesRead;
  }
  return tensorEncodings[tensor.type].unpack(bytes);
}
