import { type ImportanceMetric, scoreMatrices } from "./metric.js";

/** |Σ W·g| over the vector (LLM-Pruner's vector-wise first order). Signed terms are additive: exact for every weighting. */
export const taylorVector: ImportanceMetric = {
  needs: ["vectors"],
  score: (input) =>
    scoreMatrices(input, (m) => input.statistics.vectors("signed", m.layer, m.projection).map((x) => Math.abs(x))),
};
