import { concat, div, matMul, mul, reduce, reshape, scalar, slice, sqrt, sub } from "../builder/expressions.js";
import type { Value } from "../builder/value.js";
import type { DecoderGraph, LinearTrace } from "./decoder-graph.js";
import { outputNames } from "./names.js";

/** Outputs [B, experts] by name, for every mixture of experts (see `ExpertStatistic`); none for a dense model. */
export function expertStatistics(d: DecoderGraph): Record<string, Value> {
  const outputs: Record<string, Value> = {};
  for (const { layer, chosen } of d.choices) {
    const down = d.linears.find((trace) => trace.layer === layer && trace.projection === "down_proj");
    if (down === undefined) throw new RangeError(`the experts of layer ${layer} have no down_proj`);
    outputs[outputNames.expertStatistic(layer, "chosen")] = reduce(d.builder, "sum", chosen, [1]);
    const norms = outputNorms(d, down, Number(chosen.shape[2]));
    const weighed = mul(d.builder, norms, change(d, layer));
    outputs[outputNames.expertStatistic(layer, "output")] = reduce(d.builder, "sum", weighed, [1]);
  }
  return outputs;
}

/** ‖what an expert adds to the residual stream‖₂ by token, [B, T, experts]: 0 where the token does not use it. */
function outputNorms(d: DecoderGraph, { input, weight }: LinearTrace, experts: number): Value {
  const g = d.builder;
  const size = Number(input.shape[2]) / experts;
  const norms = Array.from({ length: experts }, (_, e) => {
    const [start, end] = [e * size, (e + 1) * size];
    const output = matMul(g, slice(g, input, 2, start, end), slice(g, weight, 1, start, end), { transB: true });
    return sqrt(g, reduce(g, "sumSquare", output, [2], true));
  });
  return concat(g, norms, 2);
}

/** 1 − cos(h, h + y) by token, [B, T, 1]: how much the MLP turns the state. */
function change(d: DecoderGraph, layer: number): Value {
  const g = d.builder;
  const trace = d.residuals.find((residual) => residual.layer === layer && residual.part === "mlp");
  if (trace === undefined) throw new RangeError(`layer ${layer} has no MLP`);
  const { before, after } = trace;
  const product = reduce(g, "sum", mul(g, before, after), [2]);
  const norms = sqrt(g, mul(g, reduce(g, "sumSquare", before, [2]), reduce(g, "sumSquare", after, [2])));
  const cosine = reshape(g, div(g, product, norms), ["B", d.tokens, 1]);
  return sub(g, scalar(g, cosine, 1), cosine);
}
