import { type Modifier, relativeDepth } from "./modifier.js";

/** Straight line over depth: −strength on the first layer to +strength on the last. */
export const depthTilt: Modifier = {
  logFactors({ shape }, strength) {
    const line = shape.layers.map((_, l) => strength * relativeDepth(l, shape.layers.length));
    return { attention: line, mlp: line };
  },
};
