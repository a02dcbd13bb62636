import type { ProjectionName } from "@espalier/contracts";
import { add, matMul } from "../builder/expressions.js";
import type { Dim, Value } from "../builder/value.js";
import type { DecoderGraph } from "./decoder-graph.js";
import { inputNames, isColumnProjection, projectionBias } from "./names.js";

/**
 * y = x Wᵀ (+ the model's bias) (+ the bias of a compensation) with W [out, in] of that layer and projection; remembers
 * the edges for statistics.
 */
export function linear(d: DecoderGraph, layer: number, projection: ProjectionName, input: Value, out: Dim): Value {
  const g = d.builder;
  const weight = d.projectionWeight(layer, projection, out, input.shape[2]);
  const output = matMul(g, input, weight, { transB: true });
  d.linears.push({ layer, projection, input, weight, output });
  const learned = d.shape.biases?.includes(projection) ?? false;
  const own = learned ? add(g, output, d.weight(projectionBias(layer, projection), [out])) : output;
  if (!d.has.projectionBias || !isColumnProjection(projection)) return own;
  return add(g, own, g.input(inputNames.projectionBias(layer, projection), d.dtype, [out]));
}
