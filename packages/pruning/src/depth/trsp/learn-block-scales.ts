import { blockScaleGradientsProgram, inputNames, openSession, outputNames, weightFeeds } from "@espalier/graph";
import { sessionOptions } from "../../calibration/observe.js";
import { backwardRows, DEFAULT_MEMORY_BYTES, headChunkTokens } from "../../execution/memory.js";
import { packWindows, rowSums } from "../../execution/token-batch.js";
import { freshAdamW, updateAdamW, usualAdamW } from "../../training/adam-w.js";
import { makeTrainingBatches } from "../../training/training-batches.js";
import type { DepthInput } from "../depth-method.js";

const BATCH_WINDOWS = 16;

/**
 * First stage of TRSP (arXiv 2505.18232): a number multiplies what each block adds to the hidden states, 1 at first, and is
 * trained with mean loss + λ₁ Σ|scale|, the model's weights as they are. The numbers tell how much each block is worth.
 */
export async function learnBlockScales(input: DepthInput): Promise<readonly number[]> {
  const { shape, weights, calibration, training, memoryBytes = DEFAULT_MEMORY_BYTES } = input;
  const sequenceLength = calibration[0].length;
  const chunk = headChunkTokens(shape, sequenceLength);
  const graph = blockScaleGradientsProgram({
    shape,
    sequenceLength,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const session = await openSession(graph, sessionOptions(input));
  const batchOf = makeTrainingBatches(calibration, BATCH_WINDOWS, input.seed);
  const scales = new Float32Array(shape.layers.length).fill(1);
  const moments = freshAdamW(scales.length);
  const fixed = weightFeeds(graph, weights);
  try {
    for (let step = 0; step < training.scaleSteps; step++) {
      const windows = batchOf(step);
      const gradient = Float64Array.from(scales, (scale) => training.scalePenalty * Math.sign(scale));
      const numbers = shape.layers.map((_, l) => [
        inputNames.blockScale(l),
        { data: scales.subarray(l, l + 1), dims: [1] },
      ]);
      for (const batch of packWindows(windows, backwardRows(shape, sequenceLength, memoryBytes))) {
        input.signal?.throwIfAborted();
        const results = await session.run({ ...fixed, ...Object.fromEntries(numbers), ...batch.feeds });
        for (const l of shape.layers.keys()) {
          gradient[l] += rowSums(results[outputNames.blockScaleGradient(l)], 1)[0] / windows.length;
        }
      }
      updateAdamW(scales, gradient, moments, training.scaleRate, { ...usualAdamW, weightDecay: 0 });
      input.onProgress?.(step + 1, training.scaleSteps);
    }
  } finally {
    await session.release();
  }
  return [...scales];
}
