import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { AdapterGradientOptions } from "./options.js";
import { tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * One training step's arithmetic of low-rank adapters (LoRA; Hu et al., arXiv 2106.09685): the weights are inputs and get
 * no gradient. Inputs: `input_ids`, `token_weights`, weights, A [rank, in] and B [out, rank] of every
 * adapter. Outputs: `token_nll` [B, T−1] and d(sum of row losses)/d(A) and /d(B), shaped as they are. Throws RangeError
 * where no projection has an adapter.
 */
export function adapterGradientsProgram(options: AdapterGradientOptions): FinishedGraph {
  const { adapters } = options;
  const d = new DecoderGraph("adapter-gradients", options, { gates: false, projectionBias: false, adapters });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  const wrt = d.adapters.flatMap(({ a, b }) => [a, b]);
  if (wrt.length === 0) throw new RangeError("no projection of the decoder has an adapter");
  const gradients = differentiate(d.builder, losses, tokenWeights(d), wrt);
  const named = wrt.map(({ name }, index) => [outputNames.adapterGradient(name), gradients[index]]);
  return d.builder.finish({ [outputNames.tokenNll]: losses, ...Object.fromEntries(named) });
}
