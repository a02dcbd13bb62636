import { projectionWeight } from "@espalier/graph";
import type { AdapterLayout } from "./adapters.js";

/** W + scale · B·A of every adapted projection, summed in float64, by Hugging Face name. */
export function mergeAdapters(
  weights: ReadonlyMap<string, Float32Array>,
  { adapters }: AdapterLayout,
  values: Float32Array,
): Map<string, Float32Array> {
  const merged = new Map<string, Float32Array>();
  for (const { layer, projection, rank, scale, inputs, outputs, a, b } of adapters) {
    const name = projectionWeight(layer, projection);
    const weight = weights.get(name);
    if (weight?.length !== inputs * outputs) {
      throw new RangeError(`'${name}' has ${weight?.length ?? "no"} numbers, its adapter ${inputs * outputs}`);
    }
    const sum = new Float32Array(weight.length);
    const row = new Float64Array(inputs);
    for (let o = 0; o < outputs; o++) {
      row.fill(0);
      for (let r = 0; r < rank; r++) {
        const factor = scale * values[b + o * rank + r];
        const from = a + r * inputs;
        for (let i = 0; i < inputs; i++) row[i] += factor * values[from + i];
      }
      for (let i = 0; i < inputs; i++) sum[o * inputs + i] = weight[o * inputs + i] + row[i];
    }
    merged.set(name, sum);
  }
  return merged;
}
