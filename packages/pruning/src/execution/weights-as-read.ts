import type { FinishedGraph, TensorArray } from "@espalier/graph";
import { toHalves } from "@espalier/model";

/** The weights in the precision in which a graph reads each: copies in float16 where it asks for them, else as given. */
export function weightsAsRead(
  graph: FinishedGraph,
  weights: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<string, TensorArray> {
  const read = new Map<string, TensorArray>(weights);
  for (const { name, dtype } of graph.inputs) {
    const values = weights.get(name);
    if (dtype === "float16" && values !== undefined) read.set(name, toHalves(values));
  }
  return read;
}
