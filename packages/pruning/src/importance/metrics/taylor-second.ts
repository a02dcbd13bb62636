import { type ImportanceMetric, scoreMatrices } from "./metric.js";

/** Σ W²·F over the vector, F the mean of squared per-sample gradients. Additive over samples: exact for every weighting. */
export const taylorSecond: ImportanceMetric = {
  needs: ["vectors"],
  score: (input) => scoreMatrices(input, (m) => input.statistics.vectors("squared", m.layer, m.projection).slice()),
};
