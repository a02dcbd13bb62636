import { reduce } from "../builder/expressions.js";
import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph } from "./decoder-graph.js";
import { finalStates, inputIds, statesInput } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { DecoderOptions } from "./options.js";
import { tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * Final norm and head, forward and backward, for a model that is run block by block. Inputs: `hidden_states` behind the
 * last block, `input_ids`, `token_weights`, weights. Outputs: `token_nll` [B, T−1], `embedding` [B, D] and
 * `input_state_gradient` [B, T, D].
 */
export function headProgram(options: DecoderOptions): FinishedGraph {
  const d = new DecoderGraph("head", options, { gates: false, projectionBias: false });
  const ids = inputIds(d);
  const states = statesInput(d);
  const hidden = finalStates(d, states);
  const losses = tokenLosses(d, hidden, ids, options.headChunkTokens);
  const [gradient] = differentiate(d.builder, losses, tokenWeights(d), [states]);
  return d.builder.finish({
    [outputNames.tokenNll]: losses,
    [outputNames.embedding]: reduce(d.builder, "mean", hidden, [1]),
    [outputNames.stateGradient]: gradient,
  });
}
