import { type Dim, factorOf } from "../builder/value.js";
import type { FinishedGraph, InputSpec } from "../finished-graph.js";
import type { Feeds, TensorArray, TensorData } from "../tensor.js";
import { inputNames } from "./names.js";

const isWeight = (name: string): boolean => name.startsWith("model.") || name === "lm_head.weight";

/** Names of the weights that a graph reads. */
export function weightsRead(graph: FinishedGraph): readonly string[] {
  return graph.inputs.flatMap(({ name }) => (isWeight(name) ? [name] : []));
}

/**
 * The weights a graph reads, picked by name out of a model's tensors, with the dimensions the graph asks for.
 * No number is copied. Throws RangeError for a missing tensor or a wrong count of numbers.
 */
export function weightFeeds(graph: FinishedGraph, weights: ReadonlyMap<string, TensorArray>): Feeds {
  const feeds: Record<string, TensorData> = {};
  for (const input of graph.inputs) {
    if (!isWeight(input.name)) continue;
    const data = weights.get(input.name);
    if (data === undefined) {
      throw new RangeError(`the graph reads '${input.name}', which is not among the ${weights.size} weights`);
    }
    feeds[input.name] = { data, dims: weightDims(input, data.length) };
  }
  return feeds;
}

/** Dimensions of a weight; the elastic one, where there is one, follows from the count of numbers. */
function weightDims({ name, shape }: InputSpec, count: number): number[] {
  const known = shape.reduce((product: number, dim) => product * factorOf(dim)[0], 1);
  const elastic = shape.some((dim) => typeof dim !== "number");
  const multiple = elastic ? count / known : 1;
  if (known * multiple !== count || !Number.isInteger(multiple) || multiple < 1) {
    throw new RangeError(`'${name}' has ${count} numbers, the graph reads [${shape.join(", ")}]`);
  }
  return shape.map((dim: Dim) => factorOf(dim)[0] * (typeof dim === "number" ? 1 : multiple));
}

/** Gates that keep everything: `rows` rows of ones for each gate the graph reads (not for elastic widths). */
export function openGates(graph: FinishedGraph, rows = 1): Feeds {
  const feeds: Record<string, TensorData> = {};
  for (const { name, dtype, shape } of graph.inputs) {
    if (!name.startsWith(inputNames.gatePrefix)) continue;
    const width = shape[1];
    if (typeof width !== "number") throw new RangeError(`the width of '${name}' is ${width}: known only run by run`);
    const data = dtype === "float64" ? new Float64Array(rows * width) : new Float32Array(rows * width);
    feeds[name] = { data: data.fill(1), dims: [rows, width] };
  }
  return feeds;
}
