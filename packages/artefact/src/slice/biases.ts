import type { DecoderShape } from "@espalier/contracts";
import { columnProjections, inputNames, type ProjectionName, projectionWeight } from "@espalier/graph";

/** Name of a projection's bias, as Hugging Face names it: `model.layers.3.mlp.down_proj.bias`. */
export const biasName = (layer: number, projection: ProjectionName): string =>
  projectionWeight(layer, projection).replace(/weight$/, "bias");

/**
 * The biases that a compensation gives, from graph input names to tensor names; all zeros where a projection of a
 * biased model was given none. Empty without biases. Throws RangeError for a bias of the wrong length.
 */
export function biasesByTensor(
  shape: DecoderShape,
  biases: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<string, Float32Array> {
  const named = new Map<string, Float32Array>();
  if (biases.size === 0) return named;
  for (let layer = 0; layer < shape.layers.length; layer++) {
    for (const projection of columnProjections) {
      const given = biases.get(inputNames.projectionBias(layer, projection)) ?? new Float32Array(shape.hiddenSize);
      if (given.length !== shape.hiddenSize) {
        throw new RangeError(
          `bias of layer ${layer} ${projection} has ${given.length} numbers, not ${shape.hiddenSize}`,
        );
      }
      named.set(biasName(layer, projection), given);
    }
  }
  return named;
}

/** The way back: bias inputs of a graph from the tensors of a biased model. */
export function biasInputs(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<string, Float32Array> {
  const inputs = new Map<string, Float32Array>();
  for (let layer = 0; layer < shape.layers.length; layer++) {
    for (const projection of columnProjections) {
      const data = weights.get(biasName(layer, projection));
      if (data !== undefined) inputs.set(inputNames.projectionBias(layer, projection), data);
    }
  }
  return inputs;
}
