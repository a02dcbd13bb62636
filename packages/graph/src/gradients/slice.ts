import { pad } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** What was cut away did not matter: zeros. */
export const sliceGradient: GradientRule<"Slice"> = (g, { inputs: [x], attributes: { axis, start, end } }, dy) => [
  pad(g, dy, axis, start, Number(x.shape[axis]) - end),
];
