import { channelsPerMlpUnit, type DecoderShape, leastMlpUnits, type ProjectionName } from "@espalier/contracts";
import { isColumnProjection, projectionBias, projectionNames, projectionWeight, weightNames } from "./names.js";

/** Units of one layer that stay, ascending: KV groups (with the query heads that read them), and MLP channels or experts. */
export interface KeptUnits {
  readonly kvGroups: ArrayLike<number>;
  readonly channels: ArrayLike<number>;
}

/** Gives an array of `count` numbers, whatever they are, to write the slice of a weight to. */
export type SliceRoom = (name: string, count: number) => Float32Array;

/**
 * Weights of a pruned candidate for a graph with elastic widths: rows of q, k, v, gate and up with their biases, columns
 * of o and down, of the kept units, and the routers' rows of kept experts; all other weights are passed on, uncopied. Where
 * a sub-block keeps nothing, its first unit (or as many experts as a token uses) stays with a zero output projection (and
 * bias), which adds exactly nothing: these graphs have no width 0. Slices are written to new arrays, or to those that
 * `room` gives.
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
    const write = (name: string, slice: (whole: Float32Array, room: Sized) => Float32Array): void => {
      const whole = weights.get(name);
      if (whole === undefined) return;
      const sized = (count: number): Float32Array => room(name, count);
      sliced.set(name, slice(whole, sized));
    };
    for (const projection of projectionNames) {
      const units = unitsOf(shape, layer, projection, kept[layer]);
      write(projectionWeight(layer, projection), (weight, sized) =>
        isColumnProjection(projection)
          ? keptColumns(weight, units, shape.hiddenSize, sized)
          : keptRows(weight, units, shape.hiddenSize, sized),
      );
      write(projectionBias(layer, projection), (bias, sized) =>
        isColumnProjection(projection) ? outputBias(bias, units, sized) : keptRows(bias, units, 1, sized),
      );
    }
    write(weightNames.router(layer), (router, sized) => {
      const experts = { ...unitsOf(shape, layer, "gate_proj", kept[layer]), width: 1 };
      return keptRows(router, experts, shape.hiddenSize, sized);
    });
  }
  return sliced;
}

/** `SliceRoom` of one weight. */
type Sized = (count: number) => Float32Array;

/** Kept units of a projection, and how many neighbouring vectors each has. */
interface UnitVectors {
  readonly kept: ArrayLike<number>;
  readonly width: number;
  /** How many units, from the first one on, stand in where none stays. */
  readonly standIns: number;
}

function unitsOf(
  shape: DecoderShape,
  layer: number,
  projection: ProjectionName,
  { kvGroups, channels }: KeptUnits,
): UnitVectors {
  const { heads, kvHeads } = shape.layers[layer];
  const groups = (width: number): UnitVectors => ({ kept: kvGroups, width, standIns: 1 });
  switch (projection) {
    case "q_proj":
    case "o_proj":
      return groups((heads / kvHeads) * shape.headDim);
    case "k_proj":
    case "v_proj":
      return groups(shape.headDim);
    case "gate_proj":
    case "up_proj":
    case "down_proj":
      return {
        kept: channels,
        width: channelsPerMlpUnit(shape.layers[layer]),
        standIns: leastMlpUnits(shape.layers[layer]),
      };
  }
}

/** Kept units' rows of `columns` numbers each. All of them are the weight itself. */
function keptRows(
  weight: Float32Array,
  { kept: units, width, standIns }: UnitVectors,
  columns: number,
  room: Sized,
): Float32Array {
  const unitSize = width * columns;
  if (units.length * unitSize === weight.length) return weight;
  if (units.length === 0) return weight.subarray(0, standIns * unitSize);
  const kept = room(units.length * unitSize);
  for (let i = 0; i < units.length; i++) {
    kept.set(weight.subarray(units[i] * unitSize, (units[i] + 1) * unitSize), i * unitSize);
  }
  return kept;
}

/** The bias of an output projection: nothing where nothing feeds it. */
function outputBias(bias: Float32Array, { kept }: UnitVectors, room: Sized): Float32Array {
  return kept.length === 0 ? room(bias.length).fill(0) : bias;
}

/** Kept units' columns of a matrix with `rows` rows. All of them are the weight itself. */
function keptColumns(
  weight: Float32Array,
  { kept: units, width: unitWidth, standIns }: UnitVectors,
  rows: number,
  room: Sized,
): Float32Array {
  if (units.length * unitWidth * rows === weight.length) return weight;
  if (units.length === 0) return room(rows * unitWidth * standIns).fill(0);
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
