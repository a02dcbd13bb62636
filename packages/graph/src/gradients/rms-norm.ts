import { mul, reduce, sub } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";
import { sumToShape } from "./sum-to-shape.js";

/**
 * y = x̂ · w with x̂ = x · r, r = (mean(x²) + ε)^−½ over the last axis.
 * dr/dx_j = −r³ x_j / n, so with e = dy · w: dx = r · e − r³ x mean(e · x) = r · (e − x̂ · mean(e · x̂)).
 * dw = Σ dy · x̂ over all other axes.
 */
export const rmsNormGradient: GradientRule<"RmsNorm"> = (g, { inputs: [x, w], outputs: [, r] }, dy, needs) => {
  const unit = mul(g, x, r);
  const last = x.shape.length - 1;
  const inputGradient = () => {
    const e = mul(g, dy, w);
    const mean = reduce(g, "mean", mul(g, e, unit), [last], true);
    return mul(g, sub(g, e, mul(g, unit, mean)), r);
  };
  return [needs[0] ? inputGradient() : undefined, needs[1] ? sumToShape(g, mul(g, dy, unit), w.shape) : undefined];
};
