import { slice } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** Each input gets its own part of dy. */
export const concatGradient: GradientRule<"Concat"> = (g, { inputs, attributes: { axis } }, dy, needs) => {
  let start = 0;
  return inputs.map((input, index) => {
    const end = start + Number(input.shape[axis]);
    const part = needs[index] ? slice(g, dy, axis, start, end) : undefined;
    start = end;
    return part;
  });
};
