import { slice } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** The zeros are constants: only the part between them goes back. */
export const padGradient: GradientRule<"Pad"> = (g, { inputs: [x], attributes: { axis, before } }, dy) => [
  slice(g, dy, axis, before, before + Number(x.shape[axis])),
];
