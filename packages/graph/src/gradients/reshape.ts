import { reshape } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** The same numbers in another shape: so are the gradients. */
export const reshapeGradient: GradientRule<"Reshape"> = (g, { inputs: [x] }, dy) => [reshape(g, dy, x.shape)];
