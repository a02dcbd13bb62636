import type { Value } from "../builder/value.js";
import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { LossOptions } from "./options.js";
import { rankedTokenLosses, rowLosses, tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * The loss of a batch: what a trial runs. Inputs: `input_ids`, `token_weights`, weights, gates and biases by option,
 * and `hidden_states` with a `firstLayer` above 0; the ids are then only the targets.
 * Outputs: `token_nll` [B, T−1] and `row_loss` [B]; with `ranked` also `best_nll` [B, T−1].
 */
export function forwardProgram(options: LossOptions): FinishedGraph {
  const { gates = true, projectionBias = false, widths = "fixed", ranked = false } = options;
  const d = new DecoderGraph("forward", options, { gates, projectionBias, elastic: widths === "elastic" });
  const ids = inputIds(d);
  const hidden = hiddenStates(d, ids, options.firstLayer);
  const lossesOf = (losses: Value) => ({
    [outputNames.tokenNll]: losses,
    [outputNames.rowLoss]: rowLosses(d, losses, tokenWeights(d)),
  });
  if (!ranked) return d.builder.finish(lossesOf(tokenLosses(d, hidden, ids, options.headChunkTokens)));
  const { losses, best } = rankedTokenLosses(d, hidden, ids, options.headChunkTokens);
  return d.builder.finish({ ...lossesOf(losses), [outputNames.bestNll]: best });
}
