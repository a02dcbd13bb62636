import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/** Σ |W| over the vector. Independent of the calibration text. */
export const magnitudeL1: ImportanceMetric = {
  needs: [],
  score: (input) => scoreMatrices(input, (m) => sumOverVectors(m, (i) => Math.abs(m.weight[i]))),
};
