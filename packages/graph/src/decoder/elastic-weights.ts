import type { DecoderShape } from "@espalier/contracts";
import { type ProjectionName, projectionNames, projectionWeight } from "./names.js";

/** Units of one layer that stay, ascending: KV groups (with the query heads that read them) and MLP channels. */
export interface KeptUnits {
  readonly kvGroups: ArrayLike<number>;
  readonly channels: ArrayLike<number>;
}

/** Gives an array of `count` numbers, whatever they are, to write the slice of a weight to. */
export type SliceRoom = (name: string, count: number) => Float32Array;

/**
 * Weights of a pruned candidate for a graph with elastic widths: rows of q, k, v, gate and up, columns of o and down
 * of the kept units; all other weights are passed on, uncopied. Where a sub-block keeps nothing, its first unit stays with a
 * zero output projection, which adds exactly nothing: these graphs have no width 0. Slices are written to new arrays, or to
 * those that `room` gives.
 */
export function elasticWeights(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  kept: readonly KeptUnits[],
  room: SliceRoom = (_name, count) => new Float32Array(count),
): Map<string, Float32Array> {
  if (kept.length !== shape.layers.length) {
    throw new RangeError(`units are given for ${kept.length} layers, the decoder has ${shape.layers.length}`);
  }
  const sliced = new Map(weights);
  for (const layer of shape.layers.keys()) {
    for (const projection of projectionNames) {
      const name = projectionWeight(layer, projection);
      const weight = weights.get(name);
      if (weight === undefined) continue;
      const sized = (count: number): Float32Array => room(name, count);
      sliced.set(name, sliceOf(weight, shape, layer, projection, kept[layer], sized));
    }
  }
  return sliced;
}

/** `SliceRoom` of one weight. */
type Sized = (count: number) => Float32Array;

function sliceOf(
  weight: Float32Array,
  shape: DecoderShape,
  layer: number,
  projection: ProjectionName,
  { kvGroups, channels }: KeptUnits,
  room: Sized,
): Float32Array {
  const { heads, kvHeads } = shape.layers[layer];
  const groupWidth = (heads / kvHeads) * shape.headDim;
  switch (projection) {
    case "q_proj":
      return keptRows(weight, kvGroups, groupWidth * shape.hiddenSize, room);
    case "k_proj":
    case "v_proj":
      return keptRows(weight, kvGroups, shape.headDim * shape.hiddenSize, room);
    case "o_proj":
      return keptColumns(weight, kvGroups, groupWidth, shape.hiddenSize, room);
    case "gate_proj":
    case "up_proj":
      return keptRows(weight, channels, shape.hiddenSize, room);
    case "down_proj":
      return keptColumns(weight, channels, 1, shape.hiddenSize, room);
  }
}

/** Kept units' rows, `unitSize` numbers each. All of them are the weight itself. */
function keptRows(weight: Float32Array, units: ArrayLike<number>, unitSize: number, room: Sized): Float32Array {
  if (units.length * unitSize === weight.length) return weight;
  if (units.length === 0) return weight.subarray(0, unitSize);
  const kept = room(units.length * unitSize);
  for (let i = 0; i < units.length; i++) {
    kept.set(weight.subarray(units[i] * unitSize, (units[i] + 1) * unitSize), i * unitSize);
  }
  return kept;
}

/** Kept units' columns of a matrix with `rows` rows, `unitWidth` columns each. All of them are the weight itself. */
function keptColumns(
  weight: Float32Array,
  units: ArrayLike<number>,
  unitWidth: number,
  rows: number,
  room: Sized,
): Float32Array {
  if (units.length * unitWidth * rows === weight.length) return weight;
  if (units.length === 0) return room(rows * unitWidth).fill(0);
  const columns = weight.length / rows;
  const width = units.length * unitWidth;
  const kept = room(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < units.length; i++) {
      const from = row * columns + units[i] * unitWidth;
      const to = row * width + i * unitWidth;
      for (let offset = 0; offset < unitWidth; offset++) kept[to + offset] = weight[from + offset];
    }
  }
  return kept;
}
