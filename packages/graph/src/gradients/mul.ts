import { mul } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";
import { sumToShape } from "./sum-to-shape.js";

/** y = a · b: da = dy · b, db = dy · a, summed over broadcast axes. */
export const mulGradient: GradientRule<"Mul"> = (g, { inputs: [a, b] }, dy, needs) => [
  needs[0] ? sumToShape(g, mul(g, dy, b), a.shape) : undefined,
  needs[1] ? sumToShape(g, mul(g, dy, a), b.shape) : undefined,
];
