import { type ImportanceMetric, scoreMatrices, sumOverVectors } from "./metric.js";

/**
 * Only columns of o_proj and down_proj: mean over rows of |W| · ‖x‖₂, x the column's input over all tokens
 * (Wanda, arXiv 2306.11695, in the structured form of FLAP). Squares are additive: exact for every weighting.
 */
export const wandaSp: ImportanceMetric = {
  needs: ["moments"],
  score: (input) =>
    scoreMatrices(input, (m) => {
      if (m.projection !== "o_proj" && m.projection !== "down_proj") return undefined;
      const { squaredNorm } = input.statistics.moments(m.layer, m.projection);
      const rows = m.weight.length / m.vectors;
      return sumOverVectors(m, (i) => Math.abs(m.weight[i])).map((sum, c) => (sum / rows) * Math.sqrt(squaredNorm[c]));
    }),
};
