import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { inputIds, statesAfter } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { LeadingBlocksOptions } from "./options.js";

/**
 * The first blocks of the dense model, for candidates that leave them whole: what `forward` with `firstLayer` goes on
 * from. Inputs: `input_ids`, weights. Output: `hidden_states` [B, T, D].
 */
export function leadingBlocksProgram(options: LeadingBlocksOptions): FinishedGraph {
  const d = new DecoderGraph("leading-blocks", options, { gates: false, projectionBias: false });
  return d.builder.finish({ [outputNames.hiddenStates]: statesAfter(d, inputIds(d), options.blocks) });
}
