import type { ProjectionStatistics } from "../compensation/index.js";
import type { WeightedStatistics } from "../statistics/recombine.js";

/**
 * Output projections whose rows are scaled by √s_o, s_o the mean squared loss gradient of output o per token, so that
 * squared output errors of all layers count in squared nats and can be compared.
 * Source: Kronecker-factored Fisher (Martens and Grosse, arXiv 1503.05671): with inputs x and output gradients δ taken
 * as independent, F[o,c] = E[(Σ_t δ_t[o]·x_t[c])²] ≈ T·E[δ²]·E[x²], hence s_o = Σ_c F[o,c] / (T · Σ_c E[x_c²]).
 * `statistics` must be prepared with gradients; the Gram matrices stay as they are.
 */
export function weighBySensitivity(
  projections: readonly ProjectionStatistics[],
  statistics: WeightedStatistics,
  sequenceLength: number,
): ProjectionStatistics[] {
  return projections.map((projection) => {
    const { layer, inputs, outputs, weight } = projection;
    const fisher = statistics.fisher(layer, projection.projection);
    const { mean, variance } = statistics.moments(layer, projection.projection);
    let energy = 0;
    for (let c = 0; c < inputs; c++) energy += variance[c] + mean[c] * mean[c];
    const scaled = new Float32Array(weight.length);
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = o * inputs; i < (o + 1) * inputs; i++) sum += fisher[i];
      const root = energy > 0 ? Math.sqrt(sum / (sequenceLength * energy)) : 0;
      for (let i = o * inputs; i < (o + 1) * inputs; i++) scaled[i] = root * weight[i];
    }
    return { ...projection, weight: scaled };
  });
}
