import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { DecoderOptions } from "./options.js";
import { tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * Gradients of each row's loss by its own gates, from one batched pass. Inputs: `input_ids`, `token_weights`,
 * weights, gates (one row serves all). Outputs: `token_nll` and a gradient [B, width] for every gate.
 */
export function gateGradientsProgram(options: DecoderOptions): FinishedGraph {
  const d = new DecoderGraph("gate-gradients", options, { gates: true, projectionBias: false });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  const wrt = d.gates.map(({ value }) => value);
  const gradients = differentiate(d.builder, losses, tokenWeights(d), wrt);
  const names = d.gates.map(({ layer, part }) =>
    part === "attention" ? outputNames.attentionGateGradient(layer) : outputNames.mlpGateGradient(layer),
  );
  return d.builder.finish({
    [outputNames.tokenNll]: losses,
    ...Object.fromEntries(names.map((name, index) => [name, gradients[index]])),
  });
}
