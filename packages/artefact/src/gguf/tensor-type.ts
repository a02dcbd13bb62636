import { halfValues, toHalves } from "@espalier/model";
import { packQ80, Q8_0_BLOCK, Q8_0_BYTES, unpackQ80 } from "./q8-0.js";

/** How the numbers of a tensor are stored. */
export interface TensorEncoding {
  /** The number by which the format names it. */
  readonly id: number;
  /** Values that are stored together; rows must be multiples of it. */
  readonly block: number;
  /** Bytes of a block. */
  readonly bytes: number;
  pack(values: Float32Array): Uint8Array;
  unpack(bytes: Uint8Array): Float32Array;
}

/** The encodings that we write; llama.cpp has many more. */
export const tensorEncodings = {
  F32: {
    id: 0,
    block: 1,
    bytes: 4,
    pack: (values) => viewOf(values),
    unpack: (bytes) => new Float32Array(copyOf(bytes)),
  },
  F16: { id: 1, block: 1, bytes: 2, pack: packF16, unpack: unpackF16 },
  Q8_0: { id: 8, block: Q8_0_BLOCK, bytes: Q8_0_BYTES, pack: packQ80, unpack: unpackQ80 },
} as const satisfies Record<string, TensorEncoding>;

export type TensorType = keyof typeof tensorEncodings;

const viewOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** A buffer of its own: a view of another width needs an aligned start. */
const copyOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

function packF16(values: Float32Array): Uint8Array {
  return new Uint8Array(toHalves(values).buffer);
}

function unpackF16(bytes: Uint8Array): Float32Array {
  const table = halfValues();
  return Float32Array.from(new Uint16Array(copyOf(bytes)), (bits) => table[bits]);
}
