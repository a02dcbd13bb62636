import { scoreExperts } from "./expert-scores.js";
import type { ImportanceMetric } from "./metric.js";

/** How many tokens of a sample choose the expert: the simplest baseline. Sums over tokens: exact for every weighting. */
export const expertFrequency: ImportanceMetric = {
  needs: ["experts"],
  score: (input) => scoreExperts(input, (layer) => input.statistics.experts("chosen", layer).slice()),
};
