import {
  addProduct,
  choleskyInPlace,
  complement,
  indices,
  solveRowsInPlace,
  submatrix,
} from "../linear-algebra/index.js";
import type { Compensation } from "./compensation.js";
import type { InverseCache } from "./inverse-cache.js";
import type { ProjectionStatistics } from "./projection.js";
import { gramOf, regularised, ridgeTerm } from "./ridge.js";

/**
 * Least-squares refit of the kept columns, ridge towards their old values:
 * W′_K = argmin ‖W X − W′_K X_K‖² + μ‖W′_K − W_K‖² = (W G[:,K] + μ W[:,K]) (G[K,K] + μI)⁻¹.
 */
export const leastSquares: Compensation = {
  refit(statistics, kept, { lambda, cache }) {
    const { inputs } = statistics;
    const removed = complement(kept, inputs);
    if (removed.length === 0 || kept.length === 0) return {};
    // Solving costs about |D|³/3 through a cached inverse and |K|³/3 without it: take the smaller system. The inverse
    // itself costs more than any one solution, so where nothing is cached it is not made.
    const weight =
      cache !== undefined && removed.length <= kept.length
        ? refitThroughInverse(statistics, kept, removed, cache, lambda)
        : refitDirectly(statistics, kept, removed, lambda);
    return { weight };
  },
};

/**
 * W′_K = W_K − W_D (P_DD)⁻¹ P_DK with P = R⁻¹, R = G + μI.
 * From the block inverse: R_DK R_KK⁻¹ = −(P_DD)⁻¹ P_DK, so this equals W_K + W_D G_DK R_KK⁻¹ (off the diagonal R = G).
 */
export function refitThroughInverse(
  statistics: ProjectionStatistics,
  kept: Int32Array,
  removed: Int32Array,
  cache: InverseCache,
  lambda: number,
): Float32Array {
  const { inputs, outputs, weight } = statistics;
  const p = cache.inverse(statistics, lambda);
  const factor = submatrix(p, inputs, removed, removed);
  choleskyInPlace(factor, removed.length);
  const y = submatrix(weight, inputs, indices(outputs), removed);
  solveRowsInPlace(factor, removed.length, y, outputs);
  const refitted = submatrix(weight, inputs, indices(outputs), kept);
  const size = { m: outputs, k: removed.length, n: kept.length };
  addProduct(refitted, y, submatrix(p, inputs, removed, kept), size, -1);
  return scatterColumns(refitted, outputs, inputs, kept);
}

/** W′_K = W_K + W_D G_DK (G_KK + μI)⁻¹ with the given μ (default: the product's, see `ridgeTerm`). */
export function refitDirectly(
  statistics: ProjectionStatistics,
  kept: Int32Array,
  removed: Int32Array,
  lambda: number,
  mu: number = ridgeTerm(gramOf(statistics), statistics.inputs, lambda),
): Float32Array {
  const { inputs, outputs, weight } = statistics;
  const gram = gramOf(statistics);
  const factor = regularised(gram, inputs, kept, mu);
  choleskyInPlace(factor, kept.length);
  const correction = new Float64Array(outputs * kept.length);
  const removedWeight = submatrix(weight, inputs, indices(outputs), removed);
  const size = { m: outputs, k: removed.length, n: kept.length };
  addProduct(correction, removedWeight, submatrix(gram, inputs, removed, kept), size, 1);
  solveRowsInPlace(factor, kept.length, correction, outputs);
  const refitted = submatrix(weight, inputs, indices(outputs), kept);
  for (let i = 0; i < refitted.length; i++) refitted[i] += correction[i];
  return scatterColumns(refitted, outputs, inputs, kept);
}

/** [outputs, kept] to [outputs, inputs] in float32, zero elsewhere. */
function scatterColumns(values: Float64Array, outputs: number, inputs: number, kept: Int32Array): Float32Array {
  const full = new Float32Array(outputs * inputs);
  for (let r = 0; r < outputs; r++) {
    for (let j = 0; j < kept.length; j++) full[r * inputs + kept[j]] = values[r * kept.length + j];
  }
  return full;
}
