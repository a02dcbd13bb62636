import { type DepthMethod, lowest } from "./depth-method.js";

/** The last blocks leave, whatever they do: the rule that every other method has to beat. */
export const lastBlocks: DepthMethod = {
  cut: async ({ shape, count }) => ({
    dropped: lowest(
      shape.layers.map((_, layer) => -layer),
      count,
    ),
    scores: null,
    weights: new Map(),
  }),
};
