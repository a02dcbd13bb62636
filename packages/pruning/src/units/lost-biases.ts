import type { DecoderShape } from "@espalier/contracts";
import { projectionBias } from "@espalier/graph";
import { keptInputs } from "./kept-inputs.js";
import type { Plan } from "./plan.js";
import { outputProjectionNames, vectorCount } from "./vectors.js";

/**
 * Zeros [hidden] in place of the model's own biases of output projections that a plan leaves without inputs, by Hugging
 * Face name: a sub-block that goes takes its bias along.
 */
export function lostBiases(shape: DecoderShape, plan: Plan): ReadonlyMap<string, Float32Array> {
  const lost = new Map<string, Float32Array>();
  for (const projection of outputProjectionNames) {
    if (!shape.biases?.includes(projection)) continue;
    for (const [layer, widths] of shape.layers.entries()) {
      const inputs = vectorCount(shape, widths, projection);
      if (inputs === 0 || keptInputs(shape, plan, layer, projection).length > 0) continue;
      lost.set(projectionBias(layer, projection), new Float32Array(shape.hiddenSize));
    }
  }
  return lost;
}
