import type { DecoderShape } from "@espalier/contracts";
import { type ProjectionName, projectionNames, projectionWeight } from "./names.js";

/** Units of one layer that stay, ascending: KV groups (with the query heads that read them) and MLP channels. */
export interface KeptUnits {
  readonly kvGroups: ArrayLike<number>;
  readonly channels: ArrayLike<number>;
}

/**
 * Weights of a pruned candidate for a graph with elastic widths: rows of q, k, v, gate and up, columns of o and down
 * of the kept units; all other weights are passed on, uncopied. Where a sub-block keeps nothing, its first unit stays with a
 * zero output projection, which adds exactly nothing: these graphs have no width 0.
 */
export function elasticWeights(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  kept: readonly KeptUnits[],
): Map<string, Float32Array> {
  if (kept.length !== shape.layers.length) {
    throw new RangeError(`units are given for ${kept.length} layers, the decoder has ${shape.layers.length}`);
  }
  const sliced = new Map(weights);
  for (const layer of shape.layers.keys()) {
    for (const projection of projectionNames) {
      const name = projectionWeight(layer, projection);
      const weight = weights.get(name);
      if (weight !== undefined) sliced.set(name, sliceOf(weight, shape, layer, projection, kept[layer]));
    }
  }
  return sliced;
}

function sliceOf(
  weight: Float32Array,
  shape: DecoderShape,
  layer: number,
  projection: ProjectionName,
  { kvGroups, channels }: KeptUnits,
): Float32Array {
  const { heads, kvHeads } = shape.layers[layer];
  const groupWidth = (heads / kvHeads) * shape.headDim;
  switch (projection) {
    case "q_proj":
      return keptRows(weight, kvGroups, groupWidth * shape.hiddenSize);
    case "k_proj":
    case "v_proj":
      return keptRows(weight, kvGroups, shape.headDim * shape.hiddenSize);
    case "o_proj":
      return keptColumns(weight, kvGroups, groupWidth, shape.hiddenSize);
    case "gate_proj":
    case "up_proj":
      return keptRows(weight, channels, shape.hiddenSize);
    case "down_proj":
      return keptColumns(weight, channels, 1, shape.hiddenSize);
  }
}

/** Kept units' rows, `unitSize` numbers each. All of them are the weight itself. */
function keptRows(weight: Float32Array, units: ArrayLike<number>, unitSize: number): Float32Array {
  if (units.length * unitSize === weight.length) return weight;
  if (units.length === 0) return weight.slice(0, unitSize);
  const kept = new Float32Array(units.length * unitSize);
  for (let i = 0; i < units.length; i++) {
    kept.set(weight.subarray(units[i] * unitSize, (units[i] + 1) * unitSize), i * unitSize);
  }
  return kept;
}

/** Kept units' columns of a matrix with `rows` rows, `unitWidth` columns each. All of them are the weight itself. */
function keptColumns(weight: Float32Array, units: ArrayLike<number>, unitWidth: number, rows: number): Float32Array {
  if (units.length * unitWidth * rows === weight.length) return weight;
  if (units.length === 0) return new Float32Array(rows * unitWidth);
  const columns = weight.length / rows;
  const width = units.length * unitWidth;
  const kept = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < units.length; i++) {
      const from = row * columns + units[i] * unitWidth;
      const to = row * width + i * unitWidth;
      for (let offset = 0; offset < unitWidth; offset++) kept[to + offset] = weight[from + offset];
    }
  }
  return kept;
}
