import { add, mul, scalar, sigmoid, sub } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** y = x σ(x): dy/dx = σ + x σ (1 − σ) = σ + y (1 − σ). σ is computed anew: that costs less than keeping it. */
export const siluGradient: GradientRule<"Silu"> = (g, { inputs: [x], outputs: [y] }, dy) => {
  const s = sigmoid(g, x);
  return [mul(g, dy, add(g, s, mul(g, y, sub(g, scalar(g, s, 1), s))))];
};
