import { div, mul, reduce, sqrt } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { outputNames } from "./names.js";
import type { DecoderOptions } from "./options.js";
import { tokenLosses } from "./token-losses.js";

/**
 * What clustering and depth pruning look at. Inputs: `input_ids`, weights. Outputs: `token_nll` [B, T−1],
 * `embedding` [B, D], and for every layer the similarity [B] of block, attention and MLP (parts that are there).
 */
export function observeProgram(options: DecoderOptions): FinishedGraph {
  const d = new DecoderGraph("observe", options, { gates: false, projectionBias: false });
  const ids = inputIds(d);
  const hidden = hiddenStates(d, ids);
  return d.builder.finish({
    [outputNames.tokenNll]: tokenLosses(d, hidden, ids, options.headChunkTokens),
    [outputNames.embedding]: reduce(d.builder, "mean", hidden, [1]),
    ...similarities(d),
  });
}

/** Similarity outputs of the blocks of a graph, by name; a block's goes from its first sub-block's input to its last one's output. */
export function similarities(d: DecoderGraph): Record<string, Value> {
  const outputs: Record<string, Value> = {};
  d.shape.layers.forEach((_, layer) => {
    const parts = d.residuals.filter((trace) => trace.layer === layer);
    for (const { part, before, after } of parts) {
      outputs[outputNames.similarity(layer, part)] = meanCosine(d, before, after);
    }
    const [first, last] = [parts.at(0), parts.at(-1)];
    if (first === undefined || last === undefined) return;
    outputs[outputNames.similarity(layer, "block")] = meanCosine(d, first.before, last.after);
  });
  return outputs;
}

/** Mean over tokens of Σab / √(Σa² Σb²), [B] from [B, T, D]. A zero vector gives NaN: hidden states are not zero. */
function meanCosine({ builder: g }: DecoderGraph, a: Value, b: Value): Value {
  const product = reduce(g, "sum", mul(g, a, b), [2]);
  const norms = sqrt(g, mul(g, reduce(g, "sumSquare", a, [2]), reduce(g, "sumSquare", b, [2])));
  return reduce(g, "mean", div(g, product, norms), [1]);
}
