import { choleskyInPlace, solveRowsInPlace } from "../../linear-algebra/index.js";

/** Moments of a projection's inputs x and of what its outputs lack, e, summed over tokens in float64. */
export interface Lack {
  /** Rows of W. */
  readonly outputs: number;
  /** Columns of W. */
  readonly inputs: number;
  /** Σ x xᵀ [inputs, inputs]. */
  readonly gram: Float64Array;
  /** Σ e xᵀ [outputs, inputs]. */
  readonly cross: Float64Array;
}

/**
 * W′ = argmin Σ‖e − (W′ − W) x‖² + μ‖W′ − W‖² = W + (Σ e xᵀ)(Σ x xᵀ + μI)⁻¹, with μ = λ·mean diag Σ x xᵀ: never a larger
 * error on these tokens than W has. Where no input was ever other than zero, W itself.
 */
export function refitTowards(weight: Float32Array, lack: Lack, lambda: number): Float32Array {
  const { outputs, inputs, gram, cross } = lack;
  let trace = 0;
  for (let i = 0; i < inputs; i++) trace += gram[i * inputs + i];
  if (!(trace > 0)) return weight;
  const factor = gram.slice();
  for (let i = 0; i < inputs; i++) factor[i * inputs + i] += (lambda * trace) / inputs;
  choleskyInPlace(factor, inputs);
  const change = cross.slice();
  solveRowsInPlace(factor, inputs, change, outputs);
  return weight.map((value, i) => value + change[i]);
}
