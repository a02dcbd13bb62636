import { mul, scalar, sub } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** y = σ(x): dx = dy · y · (1 − y). */
export const sigmoidGradient: GradientRule<"Sigmoid"> = (g, { outputs: [y] }, dy) => [
  mul(g, dy, mul(g, y, sub(g, scalar(g, y, 1), y))),
];
