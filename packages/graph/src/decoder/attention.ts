import { add, matMul, mul, reshape, softmax, transpose } from "../builder/expressions.js";
import { type Dim, times, type Value } from "../builder/value.js";
import { causalMask } from "./causal-mask.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { linear } from "./linear.js";
import { weightNames } from "./names.js";
import { ropeFrequencies } from "./rope-frequencies.js";

/** Causal self-attention of normalised hidden states [B, T, D]: what is added to the residual stream. */
export function attention(d: DecoderGraph, layer: number, x: Value): Value {
  const { heads, kvHeads, perKv } = d.layer(layer);
  const { hiddenSize, headDim } = d.shape;
  const { builder: g, length } = d;
  const q = rotated(d, linear(d, layer, "q_proj", x, times(heads, headDim)), heads, weightNames.queryNorm(layer));
  const newKeys = rotated(
    d,
    linear(d, layer, "k_proj", x, times(kvHeads, headDim)),
    kvHeads,
    weightNames.keyNorm(layer),
  );
  const newValues = splitHeads(d, linear(d, layer, "v_proj", x, times(kvHeads, headDim)), kvHeads);
  const k = d.cache?.extend(layer, "key", newKeys) ?? newKeys;
  const v = d.cache?.extend(layer, "value", newValues) ?? newValues;
  // The query heads of one KV head are neighbours: reading them as more rows of it needs no repeated keys.
  const rows = reshape(g, q, ["B", kvHeads, times(length, perKv), headDim]);
  const scores = matMul(g, rows, k, { transB: true, alpha: headDim ** -0.5 });
  const byHead = reshape(g, scores, ["B", heads, length, k.shape[2] ?? length]);
  const weights = reshape(
    g,
    softmax(g, add(g, byHead, causalMask(d, d.shape.layers[layer].slidingWindow))),
    scores.shape,
  );
  let context = reshape(g, matMul(g, weights, v), ["B", heads, length, headDim]);
  const gate = d.gate(layer, "attention", heads);
  if (gate !== undefined) context = mul(g, context, reshape(g, gate, ["B", heads, 1, 1]));
  const joined = reshape(g, transpose(g, context, [0, 2, 1, 3]), ["B", length, times(heads, headDim)]);
  return linear(d, layer, "o_proj", joined, hiddenSize);
}

/** [B, T, heads·d] → [B, heads, T, d]. */
function splitHeads(d: DecoderGraph, x: Value, heads: Dim): Value {
  return transpose(d.builder, reshape(d.builder, x, ["B", d.length, heads, d.shape.headDim]), [0, 2, 1, 3]);
}

/** Queries or keys with their positions, each head normalised before where the model does so: [B, heads, T, d]. */
function rotated(d: DecoderGraph, x: Value, heads: Dim, norm: string): Value {
  const { headDim, qkNorm = false } = d.shape;
  const rows = qkNorm ? normalisedHeads(d, x, heads, norm) : x;
  const frequencies = ropeFrequencies(d.shape);
  const turn = { headDim, frequencies, inverse: false };
  const positions = d.cache?.positions;
  const turned =
    positions === undefined
      ? d.builder.add("Rope", [rows], turn)
      : d.builder.add("Rope", [rows, positions], { ...turn, positions: d.tokens });
  return splitHeads(d, turned, heads);
}

/** RMSNorm of every head on its own, with one weight for all: [B, T, heads·d] → the same. */
function normalisedHeads(d: DecoderGraph, x: Value, heads: Dim, norm: string): Value {
  const { headDim, rmsNormEps } = d.shape;
  const byHead = reshape(d.builder, x, ["B", d.length, heads, headDim]);
  const normed = d.builder.add("RmsNorm", [byHead, d.weight(norm, [headDim])], { epsilon: rmsNormEps });
  return reshape(d.builder, normed, x.shape);
}
