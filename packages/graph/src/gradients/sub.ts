import { neg } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";
import { sumToShape } from "./sum-to-shape.js";

/** y = a − b: da = dy, db = −dy, summed over broadcast axes. */
export const subGradient: GradientRule<"Sub"> = (g, { inputs: [a, b] }, dy, needs) => [
  needs[0] ? sumToShape(g, dy, a.shape) : undefined,
  needs[1] ? neg(g, sumToShape(g, dy, b.shape)) : undefined,
];
