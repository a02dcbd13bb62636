import { layOut, projectionSizes } from "../../recovery/lora/adapters.js";
import { openAdapterGradients } from "../../recovery/lora/gradients.js";
import { allocateRanks, lostShares } from "../../recovery/lora/rank-allocation.js";
import { train } from "../../recovery/lora/train.js";
import { openForwardPool } from "../../scoring/forward-pool.js";
import { openScorer } from "../../scoring/scorer.js";
import { type DepthInput, type DepthMethod, lowest } from "../depth-method.js";
import { withoutBlocks } from "../without-blocks.js";
import { learnBlockScales } from "./learn-block-scales.js";

/**
 * TRSP, two-stage regularisation (Feng et al., arXiv 2505.18232): learned scales say which blocks are worth least; then the
 * model is trained, through low-rank adapters, with a penalty on what these blocks still change, so that the others take
 * over; then they leave. The scale multiplies what a block adds, so that 0 is its removal: our reading of the paper.
 */
export const trsp: DepthMethod = {
  async cut(input) {
    const { count, training } = input;
    const of = training.scaleSteps + training.adapters.max_steps;
    const scales = await learnBlockScales({ ...input, onProgress: (done) => input.onProgress?.(done, of) });
    const scores = scales.map(Math.abs);
    const dropped = lowest(scores, count);
    const weights = await quieten(input, dropped, (done) => input.onProgress?.(training.scaleSteps + done, of));
    return { dropped, scores, weights };
  },
};

/** Second stage: weights that do with less of some blocks; kept is the state that loses least without them. */
async function quieten(input: DepthInput, quietBlocks: readonly number[], onStep: (done: number) => void) {
  const { shape, weights, training } = input;
  const settings = training.adapters;
  const model = { shape, weights };
  const sizes = projectionSizes(shape);
  const ranks = allocateRanks("uniform", { rank: settings.rank, sizes, lost: lostShares(shape, shape) });
  const layout = layOut(sizes, ranks, settings.alpha);
  const sequenceLength = input.calibration[0].length;
  const gradients = await openAdapterGradients({
    ...input,
    model,
    layout,
    sequenceLength,
    quiet: { blocks: quietBlocks, penalty: training.changePenalty },
  });
  const pool = openForwardPool({ ...input, widths: "masked" });
  const scorer = await openScorer(pool, input.validation);
  const plan = withoutBlocks(shape, quietBlocks);
  try {
    const { weights: merged } = await train({
      input: {
        ...input,
        pruned: model,
        dense: model,
        training: input.calibration,
        onProgress: ({ done }) => onStep(done),
      },
      settings,
      layout,
      gradients,
      validation: {
        loss: async (changed, signal) =>
          (await scorer.score({ plan, weights: changed }, { signal })).objective ?? Number.NaN,
        close: () => pool.close(),
      },
    });
    return merged;
  } finally {
    await gradients.close();
    await pool.close();
  }
}
