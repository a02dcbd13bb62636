import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/** Σ |W·g − ½·W²·F| over the vector (LLM-Pruner's mixed order, element-wise). Needs weight-level gradients. */
export const taylorMix: ImportanceMetric = {
  needs: ["gradients"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      const gradient = input.statistics.gradient(m.layer, m.projection);
      const fisher = input.statistics.fisher(m.layer, m.projection);
      return sumOverVectors(m, (i) => {
        const w = m.weight[i];
        return Math.abs(w * gradient[i] - 0.5 * w * w * fisher[i]);
      });
    }),
};
