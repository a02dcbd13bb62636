import type { DecoderShape } from "@espalier/contracts";
import { layerOf, weightNames } from "@espalier/graph";
import { decoderName, type ExpectedTensor, ofExpert } from "@espalier/model";
import type { Plan } from "@espalier/pruning";
import { takeColumns, takeRows } from "./select.js";
import type { SlicedTensor } from "./sliced-model.js";

/**
 * A tensor of an expert or of a router, cut out of what the decoder has of all experts together; undefined for any other.
 * `weights`: as the decoder reads them. Throws RangeError for an expert that the plan does not keep.
 */
export function expertSlice(
  shape: DecoderShape,
  weights: ReadonlyMap<string, Float32Array>,
  plan: Plan,
  expected: ExpectedTensor,
): Omit<SlicedTensor, "untouched"> | undefined {
  const { name, expert } = decoderName(expected.name);
  const layer = layerOf(expected.name);
  if (layer === undefined || shape.layers[layer].experts === undefined) return undefined;
  const whole = weights.get(name);
  const kept = plan.layers[layer].channels;
  if (name === weightNames.router(layer) && whole !== undefined) {
    return { ...expected, data: () => takeRows(whole, shape.hiddenSize, kept) };
  }
  if (expert === undefined) return undefined;
  const own = kept[expert];
  const data = own === undefined ? undefined : cutExpert({ ...expected, name: ofExpert(expected.name, own) }, weights);
  if (own === undefined || data === undefined) {
    throw new RangeError(`the plan and the weights have no tensor '${expected.name}'`);
  }
  return { ...expected, source: ofExpert(expected.name, own), data };
}

/**
 * The numbers of a tensor out of weights as a decoder has them: those of one expert are rows of the matrix of all, or
 * columns of `down_proj`. Undefined for a tensor that is not among them.
 */
export function cutExpert(
  { name: tensor, shape }: ExpectedTensor,
  weights: ReadonlyMap<string, Float32Array>,
): (() => Float32Array) | undefined {
  const { name, expert } = decoderName(tensor);
  const whole = weights.get(name);
  if (whole === undefined || expert === undefined) return whole === undefined ? undefined : () => whole;
  const [rows, columns] = shape;
  if (!name.endsWith(".down_proj.weight")) return () => takeRows(whole, columns, numbers(expert * rows, rows));
  return () => takeColumns(whole, whole.length / rows, numbers(expert * columns, columns));
}

const numbers = (from: number, count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => from + i);
