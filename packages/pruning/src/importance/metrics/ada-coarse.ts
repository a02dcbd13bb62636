import { type ImportanceMetric, scoreMatrices } from "./metric.js";

/** |Σ W·g − ½·Σ W²·F| over the vector (AdaPruner's coarse score, arXiv 2503.06184). Both sums are additive: always exact. */
export const adaCoarse: ImportanceMetric = {
  needs: ["vectors"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      const squared = input.statistics.vectors("squared", m.layer, m.projection);
      return input.statistics
        .vectors("signed", m.layer, m.projection)
        .map((signed, v) => Math.abs(signed - 0.5 * squared[v]));
    }),
};
