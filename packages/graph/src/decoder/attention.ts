import { add, matMul, mul, reshape, softmax, transpose } from "../builder/expressions.js";
import { type Dim, times, type Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { linear } from "./linear.js";

/** Added to scores of later positions. Not −∞: a row of −∞ alone would give NaN. */
const MASKED_SCORE = -1e9;

/** Causal self-attention of normalised hidden states [B, T, D]: what is added to the residual stream. */
export function attention(d: DecoderGraph, layer: number, x: Value): Value {
  const { heads, kvHeads, perKv } = d.layer(layer);
  const { hiddenSize, headDim } = d.shape;
  const { builder: g, tokens } = d;
  const q = rotated(d, linear(d, layer, "q_proj", x, times(heads, headDim)), heads);
  const k = rotated(d, linear(d, layer, "k_proj", x, times(kvHeads, headDim)), kvHeads);
  const v = splitHeads(d, linear(d, layer, "v_proj", x, times(kvHeads, headDim)), kvHeads);
  // The query heads of one KV head are neighbours: reading them as more rows of it needs no repeated keys.
  const rows = reshape(g, q, ["B", kvHeads, perKv * tokens, headDim]);
  const scores = matMul(g, rows, k, { transB: true, alpha: headDim ** -0.5 });
  const byHead = reshape(g, scores, ["B", heads, tokens, tokens]);
  const weights = reshape(g, softmax(g, add(g, byHead, causalMask(d))), scores.shape);
  let context = reshape(g, matMul(g, weights, v), ["B", heads, tokens, headDim]);
  const gate = d.gate(layer, "attention", heads);
  if (gate !== undefined) context = mul(g, context, reshape(g, gate, ["B", heads, 1, 1]));
  const joined = reshape(g, transpose(g, context, [0, 2, 1, 3]), ["B", tokens, times(heads, headDim)]);
  return linear(d, layer, "o_proj", joined, hiddenSize);
}

/** [B, T, heads·d] → [B, heads, T, d]. */
function splitHeads(d: DecoderGraph, x: Value, heads: Dim): Value {
  return transpose(d.builder, reshape(d.builder, x, ["B", d.tokens, heads, d.shape.headDim]), [0, 2, 1, 3]);
}

function rotated(d: DecoderGraph, x: Value, heads: Dim): Value {
  const { headDim, ropeTheta } = d.shape;
  return splitHeads(d, d.builder.add("Rope", [x], { headDim, theta: ropeTheta, inverse: false }), heads);
}

/** [T, T]: 0 where a query may look, MASKED_SCORE at later positions. */
function causalMask({ builder, tokens, dtype }: DecoderGraph): Value {
  return builder.constant("causal_mask", [tokens, tokens], () => {
    const size = tokens * tokens;
    const mask = dtype === "float32" ? new Float32Array(size) : new Float64Array(size);
    for (let query = 0; query < tokens; query++)
      mask.fill(MASKED_SCORE, query * tokens + query + 1, (query + 1) * tokens);
    return mask;
  });
}
