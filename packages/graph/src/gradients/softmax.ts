import { mul, reduce, sub } from "../builder/expressions.js";
import type { GradientRule } from "./rule.js";

/** y = softmax(x) over the last axis: dx = (dy − Σ dy · y) · y. */
export const softmaxGradient: GradientRule<"Softmax"> = (g, { outputs: [y] }, dy) => {
  const sum = reduce(g, "sum", mul(g, dy, y), [y.shape.length - 1], true);
  return [mul(g, sub(g, dy, sum), y)];
};
