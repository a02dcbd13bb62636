import { matMul, reduce, reshape, sub } from "../builder/expressions.js";
import { productOf, type Value } from "../builder/value.js";
import type { FinishedGraph } from "../finished-graph.js";
import { DecoderGraph } from "./decoder-graph.js";
import { subBlock } from "./hidden-states.js";
import { type ColumnProjection, inputNames, outputNames } from "./names.js";
import type { SubBlockOptions } from "./options.js";

/**
 * One attention or MLP of a decoder alone, with its norm and residual connection. Inputs: `hidden_states` [B, T, D], its
 * weights, and `target_states` by option. Outputs: `next_states` behind it; by option the Gram matrix Σ x xᵀ of its output
 * projection's input, and `target.cross` and `target.error`, all that a refit of that projection needs.
 */
export function subBlockProgram(options: SubBlockOptions): FinishedGraph {
  const { layer, part, target = false } = options;
  const d = new DecoderGraph("sub-block", options, { gates: false, projectionBias: false });
  const states = (name: string): Value => d.builder.input(name, d.dtype, ["B", d.tokens, d.shape.hiddenSize]);
  const after = subBlock(d, states(inputNames.hiddenStates), layer, part);
  const outputs = target ? moments(d, after, states(inputNames.targetStates), layer, part) : {};
  return d.builder.finish({ [outputNames.nextStates]: after, ...outputs });
}

function moments(d: DecoderGraph, after: Value, target: Value, layer: number, part: "attention" | "mlp") {
  const { builder: g } = d;
  const projection: ColumnProjection = part === "attention" ? "o_proj" : "down_proj";
  const trace = d.linears.find((linear) => linear.projection === projection);
  if (trace === undefined) throw new RangeError(`the ${part} of layer ${layer} has no ${projection}`);
  const [x, error] = [rows(d, trace.input), rows(d, sub(g, target, after))];
  return {
    [outputNames.inputMoment(layer, projection, "gram")]: matMul(g, x, x, { transA: true }),
    [outputNames.targetCross]: matMul(g, error, x, { transA: true }),
    [outputNames.targetError]: reduce(g, "sumSquare", error, [0]),
  };
}

/** [B, T, width] as [B·T, width]. */
function rows(d: DecoderGraph, x: Value): Value {
  return reshape(d.builder, x, [productOf(x.shape.slice(0, -1)) ?? 0, x.shape[2]]);
}
