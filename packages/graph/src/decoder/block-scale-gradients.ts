import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { DecoderOptions } from "./options.js";
import { tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * How the loss answers to a number that multiplies what each block adds to the hidden states: 1 is the model, 0 the model
 * without the block. Inputs: `input_ids`, `token_weights`, weights, `blockScale` of every block. Outputs: `token_nll`
 * [B, T−1] and d(sum of row losses)/d(scale) [1] of every block.
 */
export function blockScaleGradientsProgram(options: DecoderOptions): FinishedGraph {
  const d = new DecoderGraph("block-scale-gradients", options, {
    gates: false,
    projectionBias: false,
    blockScales: true,
  });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  const scales = d.blockScales.map(({ value }) => value);
  const gradients = differentiate(d.builder, losses, tokenWeights(d), scales);
  const named = d.blockScales.map(({ layer }, i) => [outputNames.blockScaleGradient(layer), gradients[i]] as const);
  return d.builder.finish({ [outputNames.tokenNll]: losses, ...Object.fromEntries(named) });
}
