import type { ProjectionGradient } from "../loss-gradients.js";
import type { Effect } from "./effects.js";

/**
 * Effect of adding step·e to a projection's output, where `step` [outputs, width] multiplies features e of the tokens:
 * first order Σ step ∘ slope with slope = Σ_t δ_t e_tᵀ [outputs, width], second order ½ Σ_o curvature_o step_o C step_oᵀ
 * with C = E[e eᵀ] [width, width].
 */
export function blockEffect(
  { curvature }: Pick<ProjectionGradient, "curvature">,
  step: Float64Array,
  slope: Float64Array,
  covariance: Float64Array,
): Effect {
  const width = Math.round(Math.sqrt(covariance.length));
  let first = 0;
  let second = 0;
  for (let o = 0; o < curvature.length; o++) {
    const at = o * width;
    for (let i = 0; i < width; i++) {
      first += step[at + i] * slope[at + i];
      let along = 0;
      for (let j = 0; j < width; j++) along += covariance[i * width + j] * step[at + j];
      second += 0.5 * curvature[o] * step[at + i] * along;
    }
  }
  return { first, second };
}

/** First inputs of the blocks that a list of whole blocks consists of, as places in the list. */
export function blockStarts(inputs: Int32Array, blockWidth: number): number[] {
  const starts: number[] = [];
  for (let at = 0; at < inputs.length; at += blockWidth) starts.push(at);
  return starts;
}
