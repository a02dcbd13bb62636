import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/** Σ W² over the vector. Independent of the calibration text. */
export const magnitudeL2: ImportanceMetric = {
  needs: [],
  score: (input) => scoreMatrices(input, (m) => sumOverVectors(m, (i) => m.weight[i] * m.weight[i])),
};
