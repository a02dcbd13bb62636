import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { blockStates, statesInput } from "./hidden-states.js";
import { outputNames } from "./names.js";
import { similarities } from "./observe.js";
import type { BlockOptions } from "./options.js";

/**
 * One block of the dense model, forward, for a model that is run block by block. Inputs: `hidden_states`, the block's
 * weights. Outputs: `block_states` [B, T, D] behind it, and the similarities [B] of the block and its parts.
 */
export function blockProgram(options: BlockOptions): FinishedGraph {
  const d = new DecoderGraph("block", options, { gates: false, projectionBias: false });
  const after = blockStates(d, statesInput(d), options.layer);
  return d.builder.finish({ [outputNames.blockStates]: after, ...similarities(d) });
}
