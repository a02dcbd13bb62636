import type { Modifier } from "./modifier.js";

/** Attention against MLP: strength is the natural log of the factor on every KV group. */
export const attentionFactor: Modifier = {
  logFactors: ({ shape }, strength) => ({
    attention: shape.layers.map(() => strength),
    mlp: shape.layers.map(() => 0),
  }),
};
