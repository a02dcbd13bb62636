import { decodeValue } from "../space/encoding.js";
import type { ParameterValue } from "../space/parameter.js";
import { existingOnly } from "./conditional.js";
import type { Sampler } from "./sampler.js";
import { uniformDraw } from "./uniform-draw.js";

/** Independent uniform draws; it does not look at the history. */
export const randomSampler: Sampler = {
  name: "random",
  suggest(space, _history, rng) {
    const params: Record<string, ParameterValue> = {};
    for (const d of space.dimensions) params[d.name] = decodeValue(d, uniformDraw(d, rng));
    return existingOnly(space.dimensions, params);
  },
};
