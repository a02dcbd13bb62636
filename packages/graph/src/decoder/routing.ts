import { add, matMul, mul, reshape, softmax } from "../builder/expressions.js";
import type { Dim, Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { weightNames } from "./names.js";

/**
 * Weights of a layer's experts for each token, [B, T, experts], 0 for those that it does not use: softmax of the router's
 * logits over all experts that are there, of which the largest stay and, by the model's choice, sum to 1 again. Which ones
 * stay is a constant to gradients. A closed gate takes its expert out of the choice, as if router and expert had been
 * sliced; where all gates of a token's layer are closed all weights are 0.
 */
export function expertWeights(d: DecoderGraph, layer: number, x: Value, experts: Dim): Value {
  const { builder: g } = d;
  const split = d.shape.layers[layer].experts;
  if (split === undefined) throw new RangeError(`layer ${layer} has no experts`);
  const router = d.weight(weightNames.router(layer), [experts, d.shape.hiddenSize]);
  let logits = matMul(g, x, router, { transB: true });
  const input = d.gate(layer, "mlp", experts);
  const gate = input === undefined ? undefined : reshape(g, input, ["B", 1, experts]);
  if (gate !== undefined) logits = add(g, logits, g.add("ExcludeMask", [gate], {}));
  const chosen = g.add("TopKMask", [logits], { count: split.perToken });
  d.choices.push({ layer, chosen });
  // A softmax over the chosen alone is the softmax over all, divided by the sum of the chosen.
  const weights = split.normalised
    ? softmax(g, add(g, logits, g.add("ExcludeMask", [chosen], {})))
    : mul(g, softmax(g, logits), chosen);
  return gate === undefined ? weights : mul(g, weights, gate);
}
