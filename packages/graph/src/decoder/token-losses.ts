import { concat, matMul, mul, reduce, slice } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { inputNames } from "./names.js";

/**
 * −log p(token t+1 given tokens ≤ t), [B, T−1], from final hidden states [B, T, D]. With a chunk size the head works
 * on that many positions of each row at a time.
 */
export function tokenLosses(d: DecoderGraph, hidden: Value, ids: Value, chunk: number = d.tokens): Value {
  if (!Number.isInteger(chunk) || chunk < 1) throw new RangeError(`headChunkTokens must be at least 1, is ${chunk}`);
  const g = d.builder;
  const predicted = d.tokens - 1;
  const losses: Value[] = [];
  for (let start = 0; start < predicted; start += chunk) {
    const end = Math.min(start + chunk, predicted);
    const logits = matMul(g, slice(g, hidden, 1, start, end), d.headWeight(), { transB: true });
    losses.push(g.add("TokenNll", [logits, slice(g, ids, 1, start + 1, end + 1)], {}));
  }
  return concat(g, losses, 1);
}

/** Weights of the predicted tokens, [B, T−1]. */
export function tokenWeights(d: DecoderGraph): Value {
  return d.builder.input(inputNames.tokenWeights, d.dtype, ["B", d.tokens - 1]);
}

/** Σ over t of weight · loss, [B]. */
export function rowLosses(d: DecoderGraph, losses: Value, weights: Value): Value {
  return reduce(d.builder, "sum", mul(d.builder, losses, weights), [1]);
}
