import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { blockStates, statesInput } from "./hidden-states.js";
import { inputNames, outputNames } from "./names.js";
import type { BlockOptions, StatisticsOptions } from "./options.js";
import { statisticsOf } from "./statistics.js";

/**
 * What the program `statistics` gives of one block, computed from what the block reads and from the loss's gradient
 * behind it. Inputs: `hidden_states`, `state_gradient`, the block's weights. Outputs: the block's groups of statistics,
 * and `input_state_gradient` [B, T, D], which the block before goes on from.
 */
export function blockStatisticsProgram(options: BlockOptions & StatisticsOptions): FinishedGraph {
  const d = new DecoderGraph("block-statistics", options, { gates: false, projectionBias: false });
  const { hiddenSize } = d.shape;
  const before = statesInput(d);
  const after = blockStates(d, before, options.layer);
  const seed = d.builder.input(inputNames.stateGradient, d.dtype, ["B", d.tokens, hiddenSize]);
  const { outputs, gradients } = statisticsOf(d, after, seed, options, [before]);
  return d.builder.finish({ ...outputs, [outputNames.stateGradient]: gradients[0] });
}
