/**
 * Bytes of one element of every dtype that the safetensors format names.
 * Source: the format's description in the safetensors repository (`Dtype` in `tensor.rs`).
 */
export const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

export type Dtype = keyof typeof dtypeBytes;

/** The dtypes that weights may have: all are read into float32. */
export const weightDtypes = ["F32", "F16", "BF16"] as const;
export type WeightDtype = (typeof weightDtypes)[number];

/** Whether the format knows this dtype name. */
export const isDtype = (name: string): name is Dtype => Object.hasOwn(dtypeBytes, name);

/** Whether weights of this dtype can be read. */
export const isWeightDtype = (name: string): name is WeightDtype => (weightDtypes as readonly string[]).includes(name);
