import { matMul, reduce, reshape } from "../builder/expressions.js";
import { productOf, type Value } from "../builder/value.js";
import type { FinishedGraph } from "../finished-graph.js";
import { differentiate } from "../gradients/differentiate.js";
import { DecoderGraph, type LinearTrace } from "./decoder-graph.js";
import { hiddenStates, inputIds } from "./hidden-states.js";
import { isColumnProjection, outputNames } from "./names.js";
import type { ForwardOptions } from "./options.js";
import { tokenLosses, tokenWeights } from "./token-losses.js";

/**
 * How the loss answers to the outputs of o_proj and down_proj, of a candidate in dense width whose removed input
 * columns are zero: inputs that no longer count are still computed, so their gradient tells what they would bring. Experts are
 * no such inputs: their gates say which ones the routers choose among, and they have no outputs here.
 * Inputs: `input_ids`, `token_weights`, weights, biases by option, gates of experts. Outputs: `token_nll` and, with
 * δ = d(row loss)/d(output) and x the projection's input, summed over batch and tokens: Σ δ xᵀ [out, in]
 * (`gradient_sum`), Σ δ and Σ δ² [out].
 */
export function outputGradientsProgram(options: Omit<ForwardOptions, "gates" | "widths">): FinishedGraph {
  const { projectionBias = false } = options;
  const d = new DecoderGraph("output-gradients", options, { gates: "experts", projectionBias });
  const ids = inputIds(d);
  const losses = tokenLosses(d, hiddenStates(d, ids), ids, options.headChunkTokens);
  const traces = d.linears.flatMap((trace) =>
    isColumnProjection(trace.projection) && !isOfExperts(d, trace) ? [{ ...trace, projection: trace.projection }] : [],
  );
  const gradients = differentiate(
    d.builder,
    losses,
    tokenWeights(d),
    traces.map(({ output }) => output),
  );
  const outputs: Record<string, Value> = { [outputNames.tokenNll]: losses };
  for (const [i, { layer, projection, input }] of traces.entries()) {
    const delta = rows(d, gradients[i]);
    const { builder: g } = d;
    outputs[outputNames.weightStatistic(layer, projection, "gradient_sum")] = matMul(g, delta, rows(d, input), {
      transA: true,
    });
    outputs[outputNames.outputGradient(layer, projection, "sum")] = reduce(g, "sum", delta, [0]);
    outputs[outputNames.outputGradient(layer, projection, "square_sum")] = reduce(g, "sumSquare", delta, [0]);
  }
  return d.builder.finish(outputs);
}

const isOfExperts = (d: DecoderGraph, { layer, projection }: LinearTrace): boolean =>
  projection === "down_proj" && d.shape.layers[layer].experts !== undefined;

/** [B, T, width] as [B·T, width]. */
function rows(d: DecoderGraph, x: LinearTrace["input"]): Value {
  return reshape(d.builder, x, [productOf(x.shape.slice(0, -1)) ?? 0, x.shape[2]]);
}
