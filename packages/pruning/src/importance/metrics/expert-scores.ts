import { unitCosts } from "../../units/index.js";
import type { MetricScores } from "../../units/scores.js";
import { emptyUnitScores } from "../../units/scores.js";
import type { MetricInput } from "./metric.js";

/**
 * Scores per unit of a metric that knows experts alone: every other unit counts per parameter as the experts do in the mean
 * (0 where there are none), so that what leaves of the attention is for other metrics and the allocation to say.
 */
export function scoreExperts(
  { shape }: Pick<MetricInput, "shape">,
  score: (layer: number) => Float64Array,
): MetricScores {
  const scores = emptyUnitScores(shape);
  const costs = unitCosts(shape);
  let total = 0;
  let parameters = 0;
  for (const [layer, { experts }] of shape.layers.entries()) {
    if (experts === undefined) continue;
    scores.mlp[layer] = score(layer);
    total += scores.mlp[layer].reduce((sum, x) => sum + x, 0);
    parameters += experts.count * costs.mlp[layer];
  }
  const mean = parameters === 0 ? 0 : total / parameters;
  for (const [layer, { experts }] of shape.layers.entries()) {
    scores.attention[layer].fill(mean * costs.attention[layer]);
    if (experts === undefined) scores.mlp[layer].fill(mean * costs.mlp[layer]);
  }
  return { per: "unit", scores };
}
