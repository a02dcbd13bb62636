import type { GradientRule } from "./rule.js";
import { sumToShape } from "./sum-to-shape.js";

/** y = a + b: da = dy, db = dy, summed over broadcast axes. */
export const addGradient: GradientRule<"Add"> = (g, { inputs }, dy, needs) =>
  inputs.map((input, index) => (needs[index] ? sumToShape(g, dy, input.shape) : undefined));
