import type { DType } from "./builder/value.js";

/** Numbers of a tensor; the array's class says the element type (float16 as its bits, float32, float64, int64). */
export type TensorArray = Uint16Array | Float32Array | Float64Array | BigInt64Array;

/** A dense row-major tensor. */
export interface TensorData {
  readonly data: TensorArray;
  readonly dims: readonly number[];
}

/** Tensors by the name of the graph input they feed. */
export type Feeds = Readonly<Record<string, TensorData>>;

/** Tensors by the name of the graph output they came from. */
export type Results = Readonly<Record<string, TensorData>>;

/** The element type of an array. */
export function dtypeOf(data: TensorArray): DType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Uint16Array) return "float16";
  if (data instanceof Float64Array) return "float64";
  return "int64";
}
