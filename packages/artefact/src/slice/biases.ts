import type { DecoderShape, ProjectionName } from "@espalier/contracts";
import { columnProjections, inputNames, projectionBias } from "@espalier/graph";

/** The biases of a model's output projections once a compensation has added its own. */
export interface AddedBiases {
  /** Projections of the result that have a bias. */
  readonly projections: readonly ProjectionName[];
  /** By Hugging Face name, of every layer of the model; empty without a compensation that gives biases. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/**
 * What a compensation gives, by graph input name, added to the biases that the model has itself; zeros where a projection
 * was given none. Throws RangeError for a bias of the wrong length.
 */
export function addedBiases(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  given: ReadonlyMap<string, Float32Array>,
): AddedBiases {
  const own = shape.biases ?? [];
  const tensors = new Map<string, Float32Array>();
  if (given.size === 0) return { projections: own, tensors };
  for (let layer = 0; layer < shape.layers.length; layer++) {
    for (const projection of columnProjections) {
      const name = projectionBias(layer, projection);
      const added = given.get(inputNames.projectionBias(layer, projection)) ?? new Float32Array(shape.hiddenSize);
      if (added.length !== shape.hiddenSize) {
        throw new RangeError(
          `bias of layer ${layer} ${projection} has ${added.length} numbers, not ${shape.hiddenSize}`,
        );
      }
      const before = weights.get(name);
      tensors.set(name, before === undefined ? added : added.map((x, i) => x + before[i]));
    }
  }
  return { projections: [...new Set([...own, ...columnProjections])], tensors };
}
