import type { ProjectionName } from "@espalier/contracts";
import { add, matMul } from "../builder/expressions.js";
import type { Dim, Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { inputNames, isColumnProjection, projectionBias, projectionWeight } from "./names.js";
import type { StoredWeights } from "./stored-weights.js";

/**
 * y = x Wᵀ (+ adapter) (+ the model's bias) (+ the bias of a compensation) with W [out, in] of that layer and projection;
 * remembers the edges for statistics.
 */
export function linear(d: DecoderGraph, layer: number, projection: ProjectionName, input: Value, out: Dim): Value {
  const g = d.builder;
  const product =
    d.stored === undefined ? traced(d, layer, projection, input, out) : stored(d.stored, layer, projection, input, out);
  const output = adapted(d, layer, projection, input, product);
  const learned = d.shape.biases?.includes(projection) ?? false;
  const own = learned ? add(g, output, d.weight(projectionBias(layer, projection), [out])) : output;
  if (!d.has.projectionBias || !isColumnProjection(projection)) return own;
  return add(g, own, g.input(inputNames.projectionBias(layer, projection), d.dtype, [out]));
}

/** y + scale · (x Aᵀ) Bᵀ where the projection has an adapter (Hu et al., arXiv 2106.09685). */
function adapted(d: DecoderGraph, layer: number, projection: ProjectionName, input: Value, output: Value): Value {
  const adapter = d.adapter(layer, projection, input.shape[2], output.shape[2]);
  if (adapter === undefined) return output;
  const { builder: g } = d;
  const low = matMul(g, input, adapter.a, { transB: true });
  return add(g, output, matMul(g, low, adapter.b, { transB: true, alpha: adapter.scale }));
}

function traced(d: DecoderGraph, layer: number, projection: ProjectionName, input: Value, out: Dim): Value {
  const weight = d.projectionWeight(layer, projection, out, input.shape[2]);
  const output = matMul(d.builder, input, weight, { transB: true });
  d.linears.push({ layer, projection, input, weight, output });
  return output;
}

function stored(weights: StoredWeights, layer: number, projection: ProjectionName, input: Value, out: Dim): Value {
  return weights.product(input, projectionWeight(layer, projection), [Number(out), Number(input.shape[2])]);
}
