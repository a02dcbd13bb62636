import { type ImportanceMetric, scoreMatrices } from "./metric.js";

/**
 * |Σ W·g − ½·a·Σ W²·F| over the vector (AdaPruner's coarse score, arXiv 2503.06184), a the alignment factor, default 1.
 * Both sums are additive: always exact.
 */
export const adaCoarse: ImportanceMetric = {
  needs: ["vectors"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      const half = 0.5 * (input.secondOrder?.coarse ?? 1);
      const squared = input.statistics.vectors("squared", m.layer, m.projection);
      return input.statistics
        .vectors("signed", m.layer, m.projection)
        .map((signed, v) => Math.abs(signed - half * squared[v]));
    }),
};
