import { neg } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** y = −x: dx = −dy. */
export const negGradient: GradientRule<"Neg"> = (g, _node, dy) => [neg(g, dy)];
