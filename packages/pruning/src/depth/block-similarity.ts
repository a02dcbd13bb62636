import { observe } from "../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES, forwardRows } from "../execution/memory.js";
import { type DepthMethod, lowest } from "./depth-method.js";

/**
 * Blocks that turn their input least leave: 1 − mean cos(input, output) over the calibration text (block influence of
 * ShortGPT, arXiv 2403.03853).
 */
export const blockSimilarity: DepthMethod = {
  async cut(input) {
    const { shape, calibration, memoryBytes = DEFAULT_MEMORY_BYTES, onProgress } = input;
    const { similarities } = await observe({
      ...input,
      windows: calibration,
      microBatch: forwardRows(shape, calibration[0].length, memoryBytes),
      onProgress: (done) => onProgress?.(done, calibration.length),
    });
    const depth = shape.layers.length;
    const scores = shape.layers.map((_, layer) => {
      const sum = calibration.reduce((total, __, sample) => total + similarities.block[sample * depth + layer], 0);
      return 1 - sum / calibration.length;
    });
    return { dropped: lowest(scores, input.count), scores, weights: new Map() };
  },
};
