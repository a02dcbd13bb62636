import {
  addProduct,
  choleskyInPlace,
  indices,
  inverseSpd,
  solveRowsInPlace,
  submatrix,
} from "../../linear-algebra/index.js";
import { blockEffect, blockStarts } from "./block-effect.js";
import type { Effect, EffectInput, EffectModel } from "./effects.js";

/**
 * The least-squares refit after a unit more or less, in closed form. With R = G + μI, P = R⁻¹, K kept and D removed:
 * A = (R_KK)⁻¹ = P_KK − P_KD S P_DK, where S = (P_DD)⁻¹ is the covariance of what K leaves unexplained of D, and
 * R_DK A = −S P_DK are the coefficients by which K explains D.
 * A kept block B carries W′_B A_BB⁻¹ times its own unexplained part; a removed one would bring (W_D S)_:B S_BB⁻¹ times its.
 * About outputs·(|K|² + |D|²) + |K|·|D|·(|K| + |D|) multiplications.
 */
export const refit: EffectModel = {
  effects(input) {
    const { kept, removed, gradient, statistics } = input;
    const { inputs, outputs, weight } = statistics;
    const rows = indices(outputs);
    const p = input.cache.inverse(statistics, input.lambda);
    const size = { m: kept.length, k: removed.length, n: kept.length };
    const unexplained = inverseSpd(submatrix(p, inputs, removed, removed), removed.length);
    // −R_KD-coefficients: P_KD S [kept, removed].
    const coefficients = new Float64Array(kept.length * removed.length);
    addProduct(coefficients, submatrix(p, inputs, kept, removed), unexplained, { ...size, n: removed.length }, 1);
    const inverse = submatrix(p, inputs, kept, kept);
    addProduct(inverse, coefficients, submatrix(p, inputs, removed, kept), size, -1);

    const keptSlope = submatrix(gradient.slope, inputs, rows, kept);
    const through = new Float64Array(outputs * kept.length);
    addProduct(through, keptSlope, inverse, { m: outputs, k: kept.length, n: kept.length }, 1);
    const own = submatrix(gradient.weight, inputs, rows, kept);
    const removal = blockStarts(kept, input.blockWidth).map((at) =>
      removalEffect(input, { own, through, inverse }, at),
    );

    const lost = new Float64Array(outputs * removed.length);
    const lostSize = { m: outputs, k: removed.length, n: removed.length };
    addProduct(lost, submatrix(weight, inputs, rows, removed), unexplained, lostSize, 1);
    const slope = submatrix(gradient.slope, inputs, rows, removed);
    addProduct(slope, keptSlope, coefficients, { m: outputs, k: kept.length, n: removed.length }, 1);
    const restoration = blockStarts(removed.subarray(0, input.restorable), input.blockWidth).map((at) =>
      restorationEffect(input, { lost, slope, unexplained }, at),
    );
    return { removal, restoration };
  },
};

interface Removal {
  /** W′_K [outputs, kept]. */
  readonly own: Float64Array;
  /** Σ_t δ_t x_Kᵀ A [outputs, kept]. */
  readonly through: Float64Array;
  /** A [kept, kept]. */
  readonly inverse: Float64Array;
}

/** Output −W′_B A_BB⁻¹ · (A x_K)_B, where (A x_K)_B has covariance A_BB. */
function removalEffect({ gradient, kept, blockWidth, statistics }: EffectInput, r: Removal, at: number): Effect {
  const rows = indices(statistics.outputs);
  const block = places(at, blockWidth);
  const covariance = submatrix(r.inverse, kept.length, block, block);
  const step = submatrix(r.own, kept.length, rows, block).map((x) => -x);
  solveBlock(covariance, blockWidth, step, rows.length);
  return blockEffect(gradient, step, submatrix(r.through, kept.length, rows, block), covariance);
}

interface Restoration {
  /** W_D S [outputs, removed]. */
  readonly lost: Float64Array;
  /** Σ_t δ_t e_tᵀ with e the unexplained part of the removed inputs [outputs, removed]. */
  readonly slope: Float64Array;
  /** S [removed, removed]. */
  readonly unexplained: Float64Array;
}

/** Output (W_D S)_:B S_BB⁻¹ · e_B, where e_B has covariance S_BB. */
function restorationEffect({ gradient, removed, blockWidth, statistics }: EffectInput, r: Restoration, at: number) {
  const rows = indices(statistics.outputs);
  const block = places(at, blockWidth);
  const covariance = submatrix(r.unexplained, removed.length, block, block);
  const step = submatrix(r.lost, removed.length, rows, block);
  solveBlock(covariance, blockWidth, step, rows.length);
  return blockEffect(gradient, step, submatrix(r.slope, removed.length, rows, block), covariance);
}

function places(at: number, width: number): Int32Array {
  return Int32Array.from({ length: width }, (_, i) => at + i);
}

/** step ← step·C⁻¹; C is left as it is. */
function solveBlock(covariance: Float64Array, width: number, step: Float64Array, rows: number): void {
  const factor = covariance.slice();
  choleskyInPlace(factor, width);
  solveRowsInPlace(factor, width, step, rows);
}
