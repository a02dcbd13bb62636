import { mul, reshape, silu } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { linear } from "./linear.js";

/** SwiGLU (Shazeer, arXiv 2002.05202) of normalised hidden states [B, T, D]: what is added to the residual stream. */
export function mlp(d: DecoderGraph, layer: number, x: Value): Value {
  const { channels: width } = d.layer(layer);
  const g = d.builder;
  const activation = silu(g, linear(d, layer, "gate_proj", x, width));
  let channels = mul(g, activation, linear(d, layer, "up_proj", x, width));
  const gate = d.gate(layer, "mlp", width);
  if (gate !== undefined) channels = mul(g, channels, reshape(g, gate, ["B", 1, width]));
  return linear(d, layer, "down_proj", channels, d.shape.hiddenSize);
}
