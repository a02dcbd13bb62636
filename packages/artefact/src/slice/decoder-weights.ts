import { WeightStacks } from "@espalier/model";
import { cutExpert } from "./expert-slice.js";
import type { SlicedModel } from "./sliced-model.js";

/** The weights of a sliced model, as a decoder reads them: all of them in memory. */
export function decoderWeights({ tensors }: Pick<SlicedModel, "tensors">): Map<string, Float32Array> {
  const stacks = new WeightStacks(tensors.map(({ name }) => name));
  for (const { name, shape, data } of tensors) stacks.set(name, shape, data());
  return stacks.weights;
}

/** The sliced model with other weights, as a decoder has them, in the places of its own. */
export const withWeights = (sliced: SlicedModel, weights: ReadonlyMap<string, Float32Array>): SlicedModel => ({
  ...sliced,
  tensors: sliced.tensors.map((tensor) => {
    const data = cutExpert(tensor, weights);
    return data === undefined ? tensor : { ...tensor, untouched: false, data };
  }),
});
