import type { NumericKernels } from "./numeric-kernels.js";

interface Kernels {
  /** The internal value at a quantile in [0, 1) of one kernel. */
  draw(kernel: number, quantile: number): number;
  /** Centres and widths on the axis, or rows of probabilities: for inspection and golden tests. */
  describe(): KernelDescription;
}

/** Kernels of a dimension of few values: their log probabilities are looked up by value and class of kernel. */
export interface TabledKernels extends Kernels {
  readonly kind: "tabled";
  /** Class of each kernel, shape [kernels]: kernels of one class are the same. */
  readonly classOf: Int32Array;
  readonly classes: number;
  /** Log probability of an internal value under each class, shape [classes]; not to be changed. */
  logProbabilities(value: number): Float64Array;
}

/** Truncated normals of a continuous dimension: several of them are multiplied, see `normalProduct`. */
export interface ContinuousKernels extends Kernels {
  readonly kind: "continuous";
  readonly numeric: NumericKernels;
}

/** The kernels of one dimension, observations first, the prior's last. */
export type DimensionKernels = TabledKernels | ContinuousKernels;

/** What the kernels of one dimension look like. */
export type KernelDescription =
  | { readonly mus: Float64Array; readonly sigmas: Float64Array }
  | { readonly probabilities: readonly Float64Array[] };
