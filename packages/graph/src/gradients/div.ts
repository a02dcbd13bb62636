import { div, mul, neg } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";
import { sumToShape } from "./sum-to-shape.js";

/** y = a / b: da = dy / b, db = −dy · a / b² = −da · y, summed over broadcast axes. */
export const divGradient: GradientRule<"Div"> = (g, { inputs: [a, b], outputs: [y] }, dy, needs) => {
  const quotient = div(g, dy, b);
  return [
    needs[0] ? sumToShape(g, quotient, a.shape) : undefined,
    needs[1] ? sumToShape(g, neg(g, mul(g, quotient, y)), b.shape) : undefined,
  ];
};
