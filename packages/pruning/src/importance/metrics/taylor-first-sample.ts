import { type ImportanceMetric, scoreMatrices } from "./metric.js";

/**
 * Σ_i w_i Σ |W·g_i|: absolute values per sample, an upper bound of `taylor_first` that is additive over samples and
 * therefore exact for every weighting.
 */
export const taylorFirstSample: ImportanceMetric = {
  needs: ["vectors"],
  score: (input) => scoreMatrices(input, (m) => input.statistics.vectors("absolute", m.layer, m.projection).slice()),
};
