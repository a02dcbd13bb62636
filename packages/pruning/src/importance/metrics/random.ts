import { mlpUnits } from "@espalier/contracts";
import { streamRng } from "@espalier/search";
import { unitCosts } from "../../units/index.js";
import type { ImportanceMetric } from "./metric.js";

/**
 * Uniform random importance per parameter: a unit's score is a draw times its cost, so that large and small units are
 * equally likely to leave. The only metric that reads the seed.
 */
export const random: ImportanceMetric = {
  needs: ["seed"],
  score: ({ shape, seed }) => {
    const rng = streamRng(seed, 0);
    const costs = unitCosts(shape);
    const draw = (units: number, cost: number): Float64Array =>
      Float64Array.from({ length: units }, () => cost * rng.next());
    return {
      per: "unit",
      scores: {
        attention: shape.layers.map((layer, l) => draw(layer.kvHeads, costs.attention[l])),
        mlp: shape.layers.map((layer, l) => draw(mlpUnits(layer), costs.mlp[l])),
      },
    };
  },
};
