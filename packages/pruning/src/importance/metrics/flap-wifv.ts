import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/**
 * Only columns of o_proj and down_proj: Var(x) · Σ over rows of W² (FLAP, arXiv 2312.11983, weighted input feature
 * variance). Moments are additive: exact for every weighting.
 */
export const flapWifv: ImportanceMetric = {
  needs: ["moments"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      if (m.projection !== "o_proj" && m.projection !== "down_proj") return undefined;
      const { variance } = input.statistics.moments(m.layer, m.projection);
      return sumOverVectors(m, (i) => m.weight[i] * m.weight[i]).map((sum, c) => sum * variance[c]);
    }),
};
