import { add, matMul } from "../builder/expressions.js";
import type { Dim, Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { inputNames, isColumnProjection, type ProjectionName } from "./names.js";

/** y = x Wᵀ (+ bias) with W [out, in] of that layer and projection; remembers the edges for statistics. */
export function linear(d: DecoderGraph, layer: number, projection: ProjectionName, input: Value, out: Dim): Value {
  const g = d.builder;
  const weight = d.projectionWeight(layer, projection, out, input.shape[2]);
  const output = matMul(g, input, weight, { transB: true });
  d.linears.push({ layer, projection, input, weight, output });
  if (!d.has.projectionBias || !isColumnProjection(projection)) return output;
  return add(g, output, g.input(inputNames.projectionBias(layer, projection), d.dtype, [out]));
}
