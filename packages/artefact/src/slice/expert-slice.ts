import { channelsPerMlpUnit, type DecoderShape } from "@espalier/contracts";
import {
  isColumnProjection,
  layerOf,
  type ProjectionName,
  projectionNames,
  projectionWeight,
  weightNames,
} from "@espalier/graph";
import { decoderName, type ExpectedTensor, ofExpert } from "@espalier/model";
import type { Plan } from "@espalier/pruning";
import { takeColumns, takeRows } from "./select.js";
import type { SlicedTensor } from "./slice-model.js";

/**
 * A tensor of an expert or of a router, cut out of what the decoder has of all experts together; undefined for any other.
 * `weights`: as the decoder reads them. Throws RangeError for an expert that the plan does not keep.
 */
export function expertSlice(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  plan: Plan,
  expected: ExpectedTensor,
): SlicedTensor | undefined {
  const { name, expert } = decoderName(expected.name);
  const layer = layerOf(expected.name);
  if (layer === undefined || shape.layers[layer].experts === undefined) return undefined;
  const whole = weights.get(name);
  const kept = plan.layers[layer].channels;
  if (name === weightNames.router(layer) && whole !== undefined) {
    return { ...expected, untouched: true, data: () => takeRows(whole, shape.hiddenSize, kept) };
  }
  if (expert === undefined) return undefined;
  const projection = projectionNames.find((candidate) => projectionWeight(layer, candidate) === name);
  const own = kept[expert];
  if (whole === undefined || projection === undefined || own === undefined) {
    throw new RangeError(`the plan and the weights have no tensor '${expected.name}'`);
  }
  const size = channelsPerMlpUnit(shape.layers[layer]);
  return {
    ...expected,
    source: ofExpert(expected.name, own),
    untouched: true,
    data: () => expertPart(whole, projection, shape.hiddenSize, channelsOf(own, size)),
  };
}

const channelsOf = (expert: number, size: number): Int32Array =>
  Int32Array.from({ length: size }, (_, channel) => expert * size + channel);

function expertPart(
  whole: Float32Array,
  projection: ProjectionName,
  hidden: number,
  channels: Int32Array,
): Float32Array {
  return isColumnProjection(projection)
    ? takeColumns(whole, whole.length / hidden, channels)
    : takeRows(whole, hidden, channels);
}
