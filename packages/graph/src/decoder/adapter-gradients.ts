import { add, div, mul, reduce, scalar, sub } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { inputNames, outputNames } from "./names.js";
import type { AdapterGradientOptions, QuietBlocks } from "./options.js";
import { rowLosses, tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * One training step's arithmetic of low-rank adapters (LoRA; Hu et al., arXiv 2106.09685): the weights are inputs and get
 * no gradient. Inputs: `input_ids`, `token_weights`, weights, A [rank, in] and B [out, rank] of every
 * adapter. Outputs: `token_nll` [B, T−1] and d(sum of row losses)/d(A) and /d(B), shaped as they are. Throws RangeError
 * where no projection has an adapter.
 *
 * With `quiet` blocks the gradients are those of row loss + penalty · Σ over these blocks of Σ‖output − input‖² ÷ Σ‖input‖²
 * of the row, which is the output `row_objective` [B], and there is one more input, `row_weights` [B].
 */
export function adapterGradientsProgram(options: AdapterGradientOptions): FinishedGraph {
  const { adapters, quiet } = options;
  const d = new DecoderGraph("adapter-gradients", options, { gates: false, projectionBias: false, adapters });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  const wrt = d.adapters.flatMap(({ a, b }) => [a, b]);
  if (wrt.length === 0) throw new RangeError("no projection of the decoder has an adapter");
  const objective = quiet === undefined ? undefined : quietObjective(d, losses, quiet);
  const gradients =
    objective === undefined
      ? differentiate(d.builder, losses, tokenWeights(d), wrt)
      : differentiate(d.builder, objective, rowWeights(d), wrt);
  const named = wrt.map(({ name }, index) => [outputNames.adapterGradient(name), gradients[index]]);
  return d.builder.finish({
    [outputNames.tokenNll]: losses,
    ...(objective === undefined ? {} : { [outputNames.rowObjective]: objective }),
    ...Object.fromEntries(named),
  });
}

/** Row losses and what the quiet blocks still change, [B]. */
function quietObjective(d: DecoderGraph, losses: Value, { blocks, penalty }: QuietBlocks): Value {
  const { builder: g } = d;
  let objective = rowLosses(d, losses, tokenWeights(d));
  for (const block of blocks) {
    const parts = d.residuals.filter(({ layer }) => layer === block);
    const [first, last] = [parts.at(0), parts.at(-1)];
    if (first === undefined || last === undefined) throw new RangeError(`block ${block} changes nothing`);
    const change = reduce(g, "sumSquare", sub(g, last.after, first.before), [1, 2]);
    const share = div(g, change, reduce(g, "sumSquare", first.before, [1, 2]));
    objective = add(g, objective, mul(g, share, scalar(g, share, penalty)));
  }
  return objective;
}

const rowWeights = (d: DecoderGraph): Value => d.builder.input(inputNames.rowWeights, d.dtype, ["B"]);
