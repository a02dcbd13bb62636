import { matMul, reshape } from "../builder/expressions.js";
import type { GraphBuilder } from "../builder/graph-builder.js";
import { productOf, type Value } from "../builder/value.js";
import type { GradientRule } from "./rule.js";

/**
 * y = α A B: dA = α dy Bᵀ, dB = α Aᵀ dy. Where an operand is read transposed, so is its gradient:
 * with Aᵀ, dA = α B dyᵀ (or α Bᵀ dyᵀ); with Bᵀ, dB = α dyᵀ A (or α dyᵀ Aᵀ).
 * A weight B that serves all leading axes of A gets the sum over them: one product of flattened matrices.
 */
export const matMulGradient: GradientRule<"MatMul"> = (g, { inputs: [a, b], attributes }, dy, needs) => {
  const { transA, transB, alpha } = attributes;
  const left = () =>
    transA
      ? matMul(g, b, dy, { transA: transB, transB: true, alpha })
      : matMul(g, dy, b, { transA: false, transB: !transB, alpha });
  const right = () => {
    const shared = a.shape.length > b.shape.length;
    const [rows, grad] = shared ? [flattened(g, a), flattened(g, dy)] : [a, dy];
    return transB
      ? matMul(g, grad, rows, { transA: true, transB: transA, alpha })
      : matMul(g, rows, grad, { transA: !transA, transB: false, alpha });
  };
  return [needs[0] ? left() : undefined, needs[1] ? right() : undefined];
};

/** All axes but the last as one. */
function flattened(g: GraphBuilder, x: Value): Value {
  const rows = productOf(x.shape.slice(0, -1));
  if (rows === undefined) throw new RangeError(`'${x.name}' is batched along two axes`);
  return reshape(g, x, [rows, x.shape[x.shape.length - 1]]);
}
