import { scoreExperts } from "./expert-scores.js";
import type { ImportanceMetric } from "./metric.js";

/**
 * Σ over tokens of (1 − cos(h, h + y)) · g · ‖E(x)‖₂: gate times norm of the expert's output, weighed by how much the MLP's
 * output y turns the state h (EASY-EP, arXiv 2504.06792). Sums over tokens: exact for every weighting.
 */
export const easyEp: ImportanceMetric = {
  needs: ["experts"],
  score: (input) => scoreExperts(input, (layer) => input.statistics.experts("output", layer).slice()),
};
