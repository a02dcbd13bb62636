import { type FileHandle, open } from "node:fs/promises";
import { writeAll } from "../durable/write-all.js";
import { aligned, encodeHeader, type TensorEntry, tensorBytes } from "./header.js";
import type { GgufMetadata } from "./metadata.js";
import { tensorEncodings } from "./tensor-type.js";

/** A tensor to write; `data` is called when its turn comes, so that only one tensor is in memory. */
export interface GgufTensor extends TensorEntry {
  readonly data: () => Float32Array;
}

/** Values that are packed and written at once; whole blocks of every encoding. */
const CHUNK_VALUES = 1024 * 1024;

/**
 * Writes a GGUF file of version 3, tensors in the order given, synced before the promise resolves. The same input gives
 * the same bytes. Throws RangeError for data that does not fit its shape. An existing file is replaced.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function writeGguf(path: string, metadata: GgufMetadata, tensors: readonly GgufTensor[]): Promise<void> {
  const header = encodeHeader(metadata, tensors);
  const handle = await open(path, "w");
  try {
    await writeAll(handle, header);
    for (const tensor of tensors) await writeTensor(handle, tensor);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeTensor(handle: FileHandle, tensor: GgufTensor): Promise<void> {
  const values = tensor.data();
  const expected = tensor.shape.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw new RangeError(`tensor '${tensor.name}' has ${values.length} values for the shape [${tensor.shape}]`);
  }
  const { pack } = tensorEncodings[tensor.type];
  for (let at = 0; at < values.length; at += CHUNK_VALUES) {
    await writeAll(handle, pack(values.subarray(at, at + CHUNK_VALUES)));
  }
  const bytes = tensorBytes(tensor);
  await writeAll(handle, new Uint8Array(aligned(bytes) - bytes));
}
