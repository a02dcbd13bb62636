import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/**
 * Σ |W·g| over the vector, g the gradient of the weighted mean loss (LLM-Pruner, arXiv 2305.11627, element-wise first
 * order). The absolute value is taken after samples are summed, so it needs weight-level gradients.
 */
export const taylorFirst: ImportanceMetric = {
  needs: ["gradients"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      const gradient = input.statistics.gradient(m.layer, m.projection);
      return sumOverVectors(m, (i) => Math.abs(m.weight[i] * gradient[i]));
    }),
};
