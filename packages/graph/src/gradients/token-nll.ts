import type { GradientRule } from "./rule.js";

/** y = −log softmax(x)[target]: dx = (softmax(x) − one-hot(target)) · dy, from the saved log probabilities. */
export const tokenNllGradient: GradientRule<"TokenNll"> = (g, { inputs: [, targets], outputs: [, logp] }, dy) => [
  g.add("TokenNllGradient", [logp, targets, dy], {}),
  undefined,
];
