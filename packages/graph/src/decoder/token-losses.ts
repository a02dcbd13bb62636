import { concat, matMul, mul, neg, reduce, slice } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { inputNames } from "./names.js";

/**
 * −log p(token t+1 given tokens ≤ t), [B, T−1], from final hidden states [B, T, D]. With a chunk size the head works
 * on that many positions of each row at a time.
 */
export function tokenLosses(d: DecoderGraph, hidden: Value, ids: Value, chunk?: number): Value {
  const chunks = lossChunks(d, hidden, ids, chunk);
  return concat(
    d.builder,
    chunks.map(({ losses }) => losses),
    1,
  );
}

/** The losses as above, and beside each that of the likeliest token: equal where the next token is the likeliest. */
export function rankedTokenLosses(
  d: DecoderGraph,
  hidden: Value,
  ids: Value,
  chunk?: number,
): { readonly losses: Value; readonly best: Value } {
  const g = d.builder;
  const chunks = lossChunks(d, hidden, ids, chunk);
  const best = chunks.map(({ logProbabilities }) => neg(g, reduce(g, "max", logProbabilities, [2])));
  const losses = chunks.map((one) => one.losses);
  return { losses: concat(g, losses, 1), best: concat(g, best, 1) };
}

function lossChunks(d: DecoderGraph, hidden: Value, ids: Value, chunk: number = d.tokens) {
  if (!Number.isInteger(chunk) || chunk < 1) throw new RangeError(`headChunkTokens must be at least 1, is ${chunk}`);
  const g = d.builder;
  const predicted = d.tokens - 1;
  const chunks: { readonly losses: Value; readonly logProbabilities: Value }[] = [];
  for (let start = 0; start < predicted; start += chunk) {
    const end = Math.min(start + chunk, predicted);
    const logits = matMul(g, slice(g, hidden, 1, start, end), d.headWeight(), { transB: true });
    const targets = slice(g, ids, 1, start + 1, end + 1);
    const [losses, logProbabilities] = g.addAll("TokenNll", [logits, targets], {});
    chunks.push({ losses, logProbabilities });
  }
  return chunks;
}

/** Weights of the predicted tokens, [B, T−1]. */
export function tokenWeights(d: DecoderGraph): Value {
  return d.builder.input(inputNames.tokenWeights, d.dtype, ["B", d.tokens - 1]);
}

/** Σ over t of weight · loss, [B]. */
export function rowLosses(d: DecoderGraph, losses: Value, weights: Value): Value {
  return reduce(d.builder, "sum", mul(d.builder, losses, weights), [1]);
}
