import { complement } from "../linear-algebra/index.js";
import type { Compensation } from "./compensation.js";
import type { ProjectionStatistics } from "./projection.js";

/** FLAP's compensation (arXiv 2312.11983): the mean contribution of the removed inputs becomes a bias. */
export const bias: Compensation = {
  refit(statistics, kept) {
    const removed = complement(kept, statistics.inputs);
    // A sub-block that keeps nothing is absent from the pruned model, so there is nothing to carry a bias.
    return removed.length === 0 || kept.length === 0 ? {} : { bias: biasVector(statistics, removed) };
  },
};

/** b = W_D·mean(x_D), [outputs]: what the removed inputs added to the output on average. */
export function biasVector(statistics: ProjectionStatistics, removed: Int32Array): Float32Array {
  const { weight, inputs, outputs, mean, layer, projection } = statistics;
  if (mean === undefined || mean.length !== inputs) {
    throw new RangeError(`layer ${layer} ${projection}: ${mean?.length ?? 0} mean inputs, expected ${inputs}`);
  }
  const result = new Float32Array(outputs);
  for (let r = 0; r < outputs; r++) {
    let sum = 0;
    for (const i of removed) sum += weight[r * inputs + i] * mean[i];
    result[r] = sum;
  }
  return result;
}
