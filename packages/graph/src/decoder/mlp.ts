import { mul, reshape, silu } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { linear } from "./linear.js";

/** SwiGLU (Shazeer, arXiv 2002.05202) of normalised hidden states [B, T, D]: what is added to the residual stream. */
export function mlp(d: DecoderGraph, layer: number, x: Value): Value {
  const { intermediateSize } = d.shape.layers[layer];
  const g = d.builder;
  const activation = silu(g, linear(d, layer, "gate_proj", x, intermediateSize));
  let channels = mul(g, activation, linear(d, layer, "up_proj", x, intermediateSize));
  const gate = d.gate(layer, "mlp", intermediateSize);
  if (gate !== undefined) channels = mul(g, channels, reshape(g, gate, ["B", 1, intermediateSize]));
  return linear(d, layer, "down_proj", channels, d.shape.hiddenSize);
}
