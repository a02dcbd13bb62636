import type { GradientRule } from "./rule.js";
import { sumToShape } from "./sum-to-shape.js";

/** y repeats x: dx is the sum over the repetitions. The numbers of the second input are not read. */
export const expandLikeGradient: GradientRule<"ExpandLike"> = (g, { inputs: [x] }, dy) => [
  sumToShape(g, dy, x.shape),
  undefined,
];
