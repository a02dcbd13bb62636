import { logGaussMass, massBeyond } from "../../../numeric/normal.js";
import type { NumericKernels } from "./numeric-kernels.js";

/** 1/√(2π): the standard normal density at 0. */
const INV_SQRT_2PI = 0.3989422804014327;
/** log(Φ(1) - Φ(0)), a little less: mass of the range where the centre is at its end and the width is all of it, the least. */
const LOG_LEAST_MASS = -1.075;
/** A product of factors outside this is replaced by its logarithm before it can leave the doubles. */
const LEAST_PRODUCT = 1e-200;
const MOST_PRODUCT = 1e200;

/** Products of truncated normals over several continuous dimensions, one per kernel of a mixture. */
export interface NormalProduct {
  /** Centre and 1/(σ√2) of each kernel, shape [kernels][dimensions][2]: a kernel is read in one go. */
  readonly shapes: Float64Array;
  /** Upper bounds of `constantOf`, shape [kernels]: as if the range had the least possible mass under every kernel. */
  readonly bounds: Float64Array;
  /** What of a kernel's log density does not depend on the point: log weight - Σ log(σ √2π mass of the range). */
  constantOf(kernel: number): number;
}

/** @param weights of the kernels, shape [kernels]. */
export function normalProduct(dimensions: readonly NumericKernels[], weights: Float64Array): NormalProduct {
  const shapes = new Float64Array(2 * dimensions.length * weights.length);
  dimensions.forEach((kernels, d) => {
    layOut(kernels, shapes, 2 * d, 2 * dimensions.length);
  });
  const heights = logHeights(dimensions, weights);
  const bounds = heights.map((height) => height - dimensions.length * LOG_LEAST_MASS);
  for (const { range, mus } of dimensions) {
    for (let k = 0; k < mus.length; k++) if (!(mus[k] >= range.low && mus[k] <= range.high)) bounds[k] = Infinity;
  }
  const ends = Float64Array.from(dimensions.flatMap(({ range }) => [range.low, range.high]));
  return { shapes, bounds, constantOf: (kernel) => heights[kernel] - logMass(ends, shapes, kernel * ends.length) };
}

/** Most kernels have the smallest width: one division serves them all, here and below. */
function layOut({ mus, sigmas }: NumericKernels, shapes: Float64Array, offset: number, stride: number): void {
  let sigma = Number.NaN;
  let scale = Number.NaN;
  for (let k = 0, at = offset; k < mus.length; k++, at += stride) {
    if (sigmas[k] !== sigma) {
      sigma = sigmas[k];
      scale = Math.SQRT1_2 / sigma;
    }
    shapes[at] = mus[k];
    shapes[at + 1] = scale;
  }
}

/** log weight - Σ log(σ √2π) of each kernel; one logarithm of a product serves many dimensions. */
function logHeights(dimensions: readonly NumericKernels[], weights: Float64Array): Float64Array {
  const products = Float64Array.from(weights);
  const logs = new Float64Array(weights.length);
  for (const { sigmas } of dimensions) {
    let sigma = Number.NaN;
    let height = Number.NaN;
    for (let k = 0; k < sigmas.length; k++) {
      if (sigmas[k] !== sigma) {
        sigma = sigmas[k];
        height = INV_SQRT_2PI / sigma;
      }
      const product = products[k] * height;
      if (product > LEAST_PRODUCT && product < MOST_PRODUCT) products[k] = product;
      else {
        logs[k] += Math.log(product);
        products[k] = 1;
      }
    }
  }
  for (let k = 0; k < logs.length; k++) logs[k] += Math.log(products[k]);
  return logs;
}

/**
 * Log of the product of the masses that a kernel gives the ranges: 1 less two tails where its centre is inside.
 * @param ends low and high of each dimension.
 * @param first where the kernel begins in `shapes`.
 */
function logMass(ends: Float64Array, shapes: Float64Array, first: number): number {
  let sum = 0;
  let product = 1;
  for (let d = 0; d < ends.length; d += 2) {
    const mu = shapes[first + d];
    const scale = shapes[first + d + 1];
    const below = (mu - ends[d]) * scale;
    const above = (ends[d + 1] - mu) * scale;
    if (below >= 0 && above >= 0) product *= 1 - massBeyond(below) - massBeyond(above);
    else sum += logGaussMass(-below * Math.SQRT2, above * Math.SQRT2);
    if (product < LEAST_PRODUCT) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}
