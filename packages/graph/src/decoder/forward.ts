import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { ForwardOptions } from "./options.js";
import { rowLosses, tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * The loss of a batch: what a trial runs. Inputs: `input_ids`, `token_weights`, weights, gates and biases by option.
 * Outputs: `token_nll` [B, T−1] and `row_loss` [B].
 */
export function forwardProgram(options: ForwardOptions): FinishedGraph {
  const { gates = true, projectionBias = false, widths = "fixed" } = options;
  const d = new DecoderGraph("forward", options, { gates, projectionBias, elastic: widths === "elastic" });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  return d.builder.finish({
    [outputNames.tokenNll]: losses,
    [outputNames.rowLoss]: rowLosses(d, losses, tokenWeights(d)),
  });
}
