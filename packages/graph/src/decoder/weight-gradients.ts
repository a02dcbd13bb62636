import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { WeightGradientOptions } from "./options.js";
import { tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * The training gradient: d(Σ over the batch of row losses)/d(weight) for chosen weights. Inputs: `input_ids`,
 * `token_weights`, weights. Outputs: `token_nll` and a gradient shaped as its weight for each of `options.weights`.
 */
export function weightGradientsProgram(options: WeightGradientOptions): FinishedGraph {
  const d = new DecoderGraph("weight-gradients", options, { gates: false, projectionBias: false });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  const wrt = options.weights.map((name) => {
    const weight = d.weights.get(name);
    if (weight === undefined) throw new RangeError(`the decoder has no weight '${name}'`);
    return weight;
  });
  const gradients = differentiate(d.builder, losses, tokenWeights(d), wrt);
  const named = options.weights.map((name, index) => [outputNames.weightGradient(name), gradients[index]]);
  return d.builder.finish({ [outputNames.tokenNll]: losses, ...Object.fromEntries(named) });
}
