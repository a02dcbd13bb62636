/** The kernels of one dimension, observations first, the prior's last. */
export interface DimensionKernels {
  /** Adds what does not depend on the point to each kernel's log density, shape [kernels]. */
  addConstants(out: Float64Array): void;
  /** Adds each kernel's log density at an internal value, less the constants, to `out`, shape [kernels]. */
  addLogDensities(value: number, out: Float64Array): void;
  /** The internal value at a quantile in [0, 1) of one kernel. */
  draw(kernel: number, quantile: number): number;
  /** Centres and widths on the axis, or rows of probabilities: for inspection and golden tests. */
  describe(): KernelDescription;
}

/** What the kernels of one dimension look like. */
export type KernelDescription =
  | { readonly mus: Float64Array; readonly sigmas: Float64Array }
  | { readonly probabilities: readonly Float64Array[] };
