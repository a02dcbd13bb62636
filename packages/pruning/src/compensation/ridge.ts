import { indices, submatrix } from "../linear-algebra/index.js";
import type { ProjectionStatistics } from "./projection.js";

/**
 * Ridge term μ = λ·mean(diag G) over ALL inputs of the projection.
 * The textbook form takes the mean over the kept inputs only, so that μ, and with it (G + μI)⁻¹, changes with every
 * plan. With one μ per projection the inverse is computed once per λ and a trial solves systems of the size of what it
 * removes. Kept inputs carry more energy than removed ones, but the two means differ by less than a factor 2, far below
 * the factor 10 between neighbouring λ of the search; a test bounds the effect on the fitted weights.
 */
export function ridgeTerm(gram: ArrayLike<number>, inputs: number, lambda: number): number {
  return ridgeOver(gram, inputs, indices(inputs), lambda);
}

/** λ·mean over `selected` of diag G; 1 for an all-zero Gram matrix, where any ridge gives the same fit: no change. */
export function ridgeOver(gram: ArrayLike<number>, inputs: number, selected: Int32Array, lambda: number): number {
  if (!(lambda > 0 && lambda < Infinity)) throw new RangeError(`ridge factor ${lambda} is not above 0`);
  let sum = 0;
  for (const i of selected) sum += gram[i * inputs + i];
  return sum > 0 ? (lambda * sum) / selected.length : 1;
}

/** R[selected, selected] = G[selected, selected] + μI as float64. */
export function regularised(gram: ArrayLike<number>, inputs: number, selected: Int32Array, mu: number): Float64Array {
  const r = submatrix(gram, inputs, selected, selected);
  for (let i = 0; i < selected.length; i++) r[i * selected.length + i] += mu;
  return r;
}

/** The Gram matrix of a projection. Throws RangeError where the profile has none or it has another size. */
export function gramOf(statistics: ProjectionStatistics): Float32Array | Float64Array {
  const { gram, inputs, layer, projection } = statistics;
  if (gram === undefined) throw new RangeError(`layer ${layer} ${projection}: no Gram matrix in the statistics`);
  if (gram.length !== inputs * inputs) {
    throw new RangeError(`layer ${layer} ${projection}: Gram matrix of ${gram.length} numbers for ${inputs} inputs`);
  }
  return gram;
}
