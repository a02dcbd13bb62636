import { mul, reshape, silu } from "../builder/expressions.js";
import { type Dim, factorOf, type Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { linear } from "./linear.js";
import { expertWeights } from "./routing.js";

/** SwiGLU (Shazeer, arXiv 2002.05202) of normalised hidden states [B, T, D]: what is added to the residual stream. */
export function mlp(d: DecoderGraph, layer: number, x: Value): Value {
  const { channels: width, experts } = d.layer(layer);
  const g = d.builder;
  const activation = silu(g, linear(d, layer, "gate_proj", x, width));
  const channels = mul(g, activation, linear(d, layer, "up_proj", x, width));
  const used = experts === undefined ? gated(d, layer, channels, width) : routed(d, layer, x, channels, experts);
  return linear(d, layer, "down_proj", used, d.shape.hiddenSize);
}

function gated(d: DecoderGraph, layer: number, channels: Value, width: Dim): Value {
  const gate = d.gate(layer, "mlp", width);
  return gate === undefined ? channels : mul(d.builder, channels, reshape(d.builder, gate, ["B", 1, width]));
}

/**
 * Channels [B, T, F] times their expert's weight for the token. All experts are computed for every token: E / perToken
 * times the arithmetic of a loader that gathers tokens by expert, as three products whatever E is, with the gradients,
 * sums over vectors and elastic widths that a plain MLP has.
 */
function routed(d: DecoderGraph, layer: number, x: Value, channels: Value, experts: Dim): Value {
  const g = d.builder;
  const { tokens } = d;
  const weights = reshape(g, expertWeights(d, layer, x, experts), ["B", tokens, experts, 1]);
  const size = factorOf(channels.shape[2])[0] / factorOf(experts)[0];
  return reshape(g, mul(g, reshape(g, channels, ["B", tokens, experts, size]), weights), channels.shape);
}
