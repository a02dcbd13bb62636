import { expandLike, mul, reshape, scalar } from "../builder/expressions.js";
import type { Dim } from "../builder/value.js";
import type { GradientRule } from "./rule.js";

/**
 * sum: dx = dy, repeated over the reduced axes; mean: dy / n with n numbers each; sum of squares: 2 x dy.
 * A mean over the batch has no fixed n and is refused, as a maximum is: no loss reads one.
 */
export const reduceGradient: GradientRule<"Reduce"> = (g, { inputs: [x], attributes: { kind, axes } }, dy) => {
  const kept: Dim[] = x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const seed = reshape(g, dy, kept);
  switch (kind) {
    case "sum":
      return [expandLike(g, seed, x)];
    case "sumSquare":
      return [mul(g, mul(g, x, scalar(g, x, 2)), seed)];
    case "mean": {
      const count = axes.reduce((product, axis) => product * Number(x.shape[axis]), 1);
      if (Number.isNaN(count)) throw new RangeError(`the mean of '${x.name}' over the batch has no gradient rule`);
      return [expandLike(g, mul(g, seed, scalar(g, seed, 1 / count)), x)];
    }
    case "max":
      throw new RangeError(`the maximum of '${x.name}' has no gradient rule`);
  }
};
