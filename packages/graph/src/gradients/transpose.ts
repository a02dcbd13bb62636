import { transpose } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** Axis i of y is axis perm[i] of x: the gradient goes back by the inverse permutation. */
export const transposeGradient: GradientRule<"Transpose"> = (g, { attributes: { perm } }, dy) => [
  transpose(
    g,
    dy,
    perm.map((_, axis) => perm.indexOf(axis)),
  ),
];
