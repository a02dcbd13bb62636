/** The kernels of one dimension, observations first, the prior's last. */
export interface DimensionKernels {
  /** Adds what does not depend on the point to each kernel's log density, shape [kernels]. */
  addConstants(out: Float64Array): void;
  /**
   * Adds each kernel's log density, less the constants, at the internal values `points[first + i]` to `out[i]`.
   * @param out one row of shape [kernels] per point: points are taken a few at a time, so that a kernel is read once.
   */
  addLogDensities(points: Float64Array, first: number, out: readonly Float64Array[]): void;
  /** The internal value at a quantile in [0, 1) of one kernel. */
  draw(kernel: number, quantile: number): number;
  /** Centres and widths on the axis, or rows of probabilities: for inspection and golden tests. */
  describe(): KernelDescription;
}

/** What the kernels of one dimension look like. */
export type KernelDescription =
  | { readonly mus: Float64Array; readonly sigmas: Float64Array }
  | { readonly probabilities: readonly Float64Array[] };

/** Adds to each kernel's entry the table's value for its class. */
export function addLookedUp(table: Float64Array, classOf: Int32Array, out: Float64Array): void {
  for (let k = 0; k < classOf.length; k++) out[k] += table[classOf[k]];
}
