import { type Modifier, relativeDepth } from "./modifier.js";

/** Mean of x² over [−1, 1]: subtracted so that the curve moves importance between layers rather than adding it. */
const MEAN_SQUARE = 1 / 3;

/** Parabola over depth: positive strength favours both ends over the middle. */
export const depthCurvature: Modifier = {
  logFactors({ shape }, strength) {
    const curve = shape.layers.map((_, l) => strength * (relativeDepth(l, shape.layers.length) ** 2 - MEAN_SQUARE));
    return { attention: curve, mlp: curve };
  },
};
