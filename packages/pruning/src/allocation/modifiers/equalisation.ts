import { mlpUnits } from "@espalier/contracts";
import { unitCosts } from "../../units/costs.js";
import type { Modifier } from "./modifier.js";

/**
 * Divides a layer's densities by (its mean density)^strength: 0 compares raw scores across layers, 1 gives all layers
 * the same mean, which comes near equal shares. The mean is over the layer's parameters, attention and MLP together,
 * so that the balance of the two inside a layer stays. A layer that scores 0 throughout is left alone.
 */
export const equalisation: Modifier = {
  logFactors({ shape, densities }, strength) {
    const costs = unitCosts(shape);
    const factors = shape.layers.map((layer, l) => {
      const attention = densities.attention[l].reduce((sum, x) => sum + x, 0) * costs.attention[l];
      const mlp = densities.mlp[l].reduce((sum, x) => sum + x, 0) * costs.mlp[l];
      const parameters = layer.kvHeads * costs.attention[l] + mlpUnits(layer) * costs.mlp[l];
      const mean = parameters === 0 ? 0 : (attention + mlp) / parameters;
      return mean > 0 && strength !== 0 ? -strength * Math.log(mean) : 0;
    });
    return { attention: factors, mlp: factors };
  },
};
