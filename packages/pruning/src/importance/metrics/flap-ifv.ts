import { type ImportanceMetric, scoreMatrices } from "./metric.js";

/**
 * Only columns of o_proj and down_proj: population variance of the column's input over tokens (FLAP, arXiv 2312.11983,
 * input feature variance). Moments are additive: exact for every weighting.
 */
export const flapIfv: ImportanceMetric = {
  needs: ["moments"],
  score: (input) =>
    scoreMatrices(input, (m) =>
      m.projection === "o_proj" || m.projection === "down_proj"
        ? input.statistics.moments(m.layer, m.projection).variance
        : undefined,
    ),
};
