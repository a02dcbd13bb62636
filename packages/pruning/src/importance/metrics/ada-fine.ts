import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/** Σ |W·g − W²·F| over the vector (AdaPruner's fine score, arXiv 2503.06184). Needs weight-level gradients. */
export const adaFine: ImportanceMetric = {
  needs: ["gradients"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      const gradient = input.statistics.gradient(m.layer, m.projection);
      const fisher = input.statistics.fisher(m.layer, m.projection);
      return sumOverVectors(m, (i) => {
        const w = m.weight[i];
        return Math.abs(w * gradient[i] - w * w * fisher[i]);
      });
    }),
};
