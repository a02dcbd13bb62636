import { gather } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** Row v is a sum of updates: each update gets the gradient of its row. */
export const scatterAddRowsGradient: GradientRule<"ScatterAddRows"> = (g, { inputs: [, indices] }, dy) => [
  gather(g, dy, indices),
  undefined,
];
