import type { TensorData } from "@espalier/graph";

/** Token ids as the graph reads them. */
export function idTensor(rows: readonly (readonly number[])[]): TensorData {
  return { data: BigInt64Array.from(rows.flat(), BigInt), dims: [rows.length, rows[0].length] };
}

/** A float tensor filled with one number. */
export function filled(dims: readonly number[], value: number, dtype: "float32" | "float64" = "float32"): TensorData {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { data: (dtype === "float32" ? new Float32Array(size) : new Float64Array(size)).fill(value), dims };
}

/** Numbers of a tensor as float64. */
export const numbers = ({ data }: TensorData): Float64Array => Float64Array.from(data as Float32Array);

/** ‖a − b‖ / ‖b‖. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers against ${b.length}`);
  let difference = 0;
  let norm = 0;
  for (let index = 0; index < a.length; index++) {
    difference += (a[index] - b[index]) ** 2;
    norm += b[index] ** 2;
  }
  return Math.sqrt(difference / (norm || 1));
}
