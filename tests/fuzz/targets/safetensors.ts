import fc from "fast-check";
import { headerLength, LENGTH_BYTES, parseHeader } from "../../../packages/model/src/safetensors/header.js";
import { accepted, type FuzzTarget, must } from "../fuzz-target.js";
import { changedBytes, changedJson } from "../mutate.js";

const header = {
  __metadata__: { format: "pt" },
  "model.embed_tokens.weight": { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
  "model.norm.weight": { dtype: "BF16", shape: [3], data_offsets: [24, 30] },
  scalar: { dtype: "I64", shape: [], data_offsets: [30, 38] },
  empty: { dtype: "F16", shape: [0, 7], data_offsets: [38, 38] },
};
const DATA_BYTES = 38;

function file(headerBytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(headerBytes.length));
  return Buffer.concat([length, headerBytes, Buffer.alloc(DATA_BYTES)]);
}

const valid = fc.constant(file(new TextEncoder().encode(JSON.stringify(header))));

/** Header of a safetensors file: what is accepted covers the data exactly, and says what `JSON.parse` reads in it. */
export const safetensors: FuzzTarget = {
  name: "safetensors",
  inputs: fc.oneof(
    changedBytes(valid, ["data_offsets", "shape", '"F16"', "[0,0]"]),
    changedJson(fc.constant(header), ["__metadata__", "dtype", "shape", "data_offsets"]).map(file),
  ),
  async check(input) {
    const read = await accepted(() => {
      const first8 = input.subarray(0, LENGTH_BYTES);
      const end = LENGTH_BYTES + headerLength(first8, input.length, "fuzz.safetensors");
      return parseHeader(input.subarray(LENGTH_BYTES, end), "fuzz.safetensors", input.length, "fuzz.safetensors");
    });
    if (read === undefined) return;
    const covered = [...read.tensors.values()].reduce((sum, { begin, end }) => sum + end - begin, 0);
    const headerEnd = LENGTH_BYTES + Number(Buffer.from(input).readBigUInt64LE(0));
    must(covered === input.length - headerEnd, `tensors cover ${covered} of ${input.length - headerEnd} bytes`);
    const text = Buffer.from(input.subarray(LENGTH_BYTES, headerEnd)).toString("utf8");
    const reference = JSON.parse(text) as Record<string, { shape: number[] }>;
    const names = Object.keys(reference).filter((name) => name !== "__metadata__");
    must(names.length === read.tensors.size, "JSON.parse finds another number of tensors");
    for (const name of names) {
      const shape = read.tensors.get(name)?.shape;
      must(String(shape) === String(reference[name]?.shape), `${name} has another shape for JSON.parse`);
    }
  },
};
