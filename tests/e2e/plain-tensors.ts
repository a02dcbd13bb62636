import { readFileSync } from "node:fs";
import type { PlainTensor } from "../../packages/pruning/test/seeded-mixtral.js";

/** Tensors of a well-formed float32 safetensors file by name. The product's reader is packages/model. */
export function readPlainTensors(path: string): Map<string, PlainTensor> {
  const bytes = readFileSync(path);
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = JSON.parse(
    bytes.subarray(8, headerEnd).toString(),
  );
  const tensors = new Map<string, PlainTensor>();
  for (const [name, { shape, data_offsets: offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const part = bytes.subarray(headerEnd + offsets[0], headerEnd + offsets[1]);
    tensors.set(name, { shape, data: new Float32Array(Uint8Array.from(part).buffer) });
  }
  return tensors;
}
