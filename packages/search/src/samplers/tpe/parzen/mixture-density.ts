import { logSumExp } from "../../../numeric/log-sum-exp.js";
import { toAxis } from "../../../space/axis.js";
import { BLOCK, readBlock } from "./block.js";
import { blockDensities, type JointKernels } from "./block-densities.js";
import { classTables } from "./class-tables.js";
import type { DimensionKernels, TabledKernels } from "./dimension-kernels.js";
import { normalProduct } from "./normal-product.js";
import type { NumericKernels } from "./numeric-kernels.js";

/**
 * Makes the log density log Σ_k weight_k Π_d kernel_kd at `count` points, given as one column of internal values per
 * dimension; shape [count]. Outside a continuous dimension's range it is -Infinity.
 */
export function mixtureDensity(
  kernels: readonly DimensionKernels[],
  weights: Float64Array,
): (columns: readonly Float64Array[], count: number) => Float64Array {
  const tabled: TabledKernels[] = [];
  const continuous: NumericKernels[] = [];
  for (const kernel of kernels) {
    if (kernel.kind === "tabled") tabled.push(kernel);
    else continuous.push(kernel.numeric);
  }
  const product = normalProduct(continuous, weights);
  const tables = classTables(tabled, weights.length);
  const joint: JointKernels = {
    product,
    tables,
    constants: product.bounds,
    settled: new Uint8Array(weights.length),
    x: new Float64Array(BLOCK * continuous.length),
  };
  const choices = new Float64Array(BLOCK * tabled.length);
  const rows = Array.from({ length: BLOCK }, () => new Float64Array(weights.length));
  return (columns, count) => {
    const ofKind = (kind: DimensionKernels["kind"]) => columns.filter((_, d) => kernels[d].kind === kind);
    const [values, places] = [ofKind("tabled"), ofKind("continuous")];
    const result = new Float64Array(count);
    for (let first = 0; first < count; first += BLOCK) {
      readBlock(values, first, choices);
      tables.fill(choices);
      readBlock(places, first, joint.x);
      const outside = toAxes(continuous, joint.x);
      const begin = blockDensities(joint, rows);
      for (let i = 0; i < BLOCK && first + i < count; i++) {
        result[first + i] = outside[i] ? -Infinity : logSumExp(rows[i].subarray(begin));
      }
    }
    return result;
  };
}

/** Replaces a block's values by their places on the axes and says which points are outside a range. */
function toAxes(dimensions: readonly NumericKernels[], x: Float64Array): boolean[] {
  const outside = new Array<boolean>(BLOCK).fill(false);
  dimensions.forEach(({ dimension, range }, d) => {
    for (let i = 0; i < BLOCK; i++) {
      const at = toAxis(x[BLOCK * d + i], dimension);
      x[BLOCK * d + i] = at;
      if (at < range.low || at > range.high) outside[i] = true;
    }
  });
  return outside;
}
