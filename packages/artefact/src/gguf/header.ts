import { type GgufMetadata, type GgufValue, valueTypeIds } from "./metadata.js";
import { type TensorType, tensorEncodings } from "./tensor-type.js";

/** "GGUF", little-endian. */
export const MAGIC = 0x46554747;
export const VERSION = 3;

/** Every tensor begins at a multiple of it, counted from the end of the header; the format's default. */
const ALIGNMENT = 32;

/** What the header says of a tensor. */
export interface TensorEntry {
  readonly name: string;
  /** [out, in] for matrices: the format itself counts from the innermost size. */
  readonly shape: readonly number[];
  readonly type: TensorType;
}

/** Rounded up to the alignment. */
export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Bytes of a tensor. Throws RangeError for rows that are not whole blocks. */
export function tensorBytes({ name, shape, type }: TensorEntry): number {
  const { block, bytes } = tensorEncodings[type];
  const row = shape.at(-1) ?? 0;
  if (row % block !== 0)
    throw new RangeError(`rows of ${row} values of '${name}' are no multiple of ${block} (${type})`);
  return (shape.reduce((product, size) => product * size, 1) / block) * bytes;
}

/** The whole header, padded to where the first tensor begins. Throws RangeError for names that are given twice. */
export function encodeHeader(metadata: GgufMetadata, tensors: readonly TensorEntry[]): Uint8Array {
  if (new Set(tensors.map(({ name }) => name)).size < tensors.length) throw new RangeError("a tensor is given twice");
  const parts = [numbers("uint32", [MAGIC, VERSION]), uint64(tensors.length), uint64(metadata.size)];
  for (const [key, value] of metadata) {
    parts.push(text(key), numbers("uint32", [valueTypeIds[value.type]]), ...encodeValue(value));
  }
  let offset = 0;
  for (const tensor of tensors) {
    const { name, shape, type } = tensor;
    parts.push(text(name), numbers("uint32", [shape.length]), ...shape.toReversed().map(uint64));
    parts.push(numbers("uint32", [tensorEncodings[type].id]), uint64(offset));
    offset += aligned(tensorBytes(tensor));
  }
  const header = Buffer.concat(parts);
  return Buffer.concat([header, Buffer.alloc(aligned(header.length) - header.length)]);
}

function encodeValue(value: GgufValue): readonly Buffer[] {
  switch (value.type) {
    case "string":
      return [text(value.value)];
    case "bool":
      return [Buffer.of(value.value ? 1 : 0)];
    case "array": {
      const head = [numbers("uint32", [valueTypeIds[value.of]]), uint64(value.value.length)];
      return value.of === "string"
        ? [...head, Buffer.concat(value.value.map(text))]
        : [...head, numbers(value.of, value.value)];
    }
    default:
      return [numbers(value.type, [value.value])];
  }
}

function numbers(type: "uint32" | "int32" | "float32", values: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    if (type === "float32") bytes.writeFloatLE(values[i], 4 * i);
    else if (type === "int32") bytes.writeInt32LE(values[i], 4 * i);
    else bytes.writeUInt32LE(values[i], 4 * i);
  }
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** Length, then UTF-8 without an end mark. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
}
