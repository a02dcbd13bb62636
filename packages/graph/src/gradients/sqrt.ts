import { div, mul, scalar } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** y = √x: dx = dy / (2y). */
export const sqrtGradient: GradientRule<"Sqrt"> = (g, { outputs: [y] }, dy) => [
  div(g, mul(g, dy, scalar(g, dy, 0.5)), y),
];
