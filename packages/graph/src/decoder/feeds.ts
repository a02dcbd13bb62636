import type { FinishedGraph } from "../finished-graph.js";
import type { Feeds, TensorArray, TensorData } from "../tensor.js";
import { inputNames } from "./names.js";

const isWeight = (name: string): boolean => name.startsWith("model.") || name === "lm_head.weight";

/**
 * The weights a graph reads, picked by name out of a model's tensors, with the dimensions the graph asks for.
 * No number is copied. Throws RangeError for a missing tensor or a wrong count of numbers.
 */
export function weightFeeds(graph: FinishedGraph, weights: ReadonlyMap<string, TensorArray>): Feeds {
  const feeds: Record<string, TensorData> = {};
  for (const { name, shape } of graph.inputs) {
    if (!isWeight(name)) continue;
    const data = weights.get(name);
    if (data === undefined)
      throw new RangeError(`the graph reads '${name}', which is not among the ${weights.size} weights`);
    const dims = shape.map(Number);
    const count = dims.reduce((product, dim) => product * dim, 1);
    if (data.length !== count) {
      throw new RangeError(`'${name}' has ${data.length} numbers, the graph reads ${count} as [${dims.join(", ")}]`);
    }
    feeds[name] = { data, dims };
  }
  return feeds;
}

/** Gates that keep everything: one row of ones for each gate the graph reads. */
export function openGates(graph: FinishedGraph, rows = 1): Feeds {
  const feeds: Record<string, TensorData> = {};
  for (const { name, dtype, shape } of graph.inputs) {
    if (!name.startsWith(inputNames.gatePrefix)) continue;
    const width = Number(shape[1]);
    const data = dtype === "float64" ? new Float64Array(rows * width) : new Float32Array(rows * width);
    feeds[name] = { data: data.fill(1), dims: [rows, width] };
  }
  return feeds;
}
