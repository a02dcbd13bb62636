import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/**
 * Σ |W·g − a·W²·F| over the vector (AdaPruner's fine score, arXiv 2503.06184), a the alignment factor, default 1.
 * Needs weight-level gradients.
 */
export const adaFine: ImportanceMetric = {
  needs: ["gradients"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      const factor = input.secondOrder?.fine ?? 1;
      const gradient = input.statistics.gradient(m.layer, m.projection);
      const fisher = input.statistics.fisher(m.layer, m.projection);
      return sumOverVectors(m, (i) => {
        const w = m.weight[i];
        return Math.abs(w * gradient[i] - factor * w * w * fisher[i]);
      });
    }),
};
