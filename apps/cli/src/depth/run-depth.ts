import { resolve } from "node:path";
import type { DepthOutcome, DepthProgress, DepthRequest } from "@espalier/contracts";
import { runToFolder } from "../one-task/run-to-folder.js";
import type { DepthFlags } from "./depth-flags.js";

const stageNames: Record<DepthProgress["stage"], string> = {
  last: "the last blocks",
  similarity: "similarity of the blocks",
  trsp: "trsp: scales, then adapters",
  export: "model written and verified",
};

/** Removes blocks in a scratch folder, of which only the model stays, under `--out`. */
export function runDepth(flags: DepthFlags): Promise<DepthOutcome> {
  return runToFolder<DepthRequest, DepthOutcome, DepthProgress["stage"]>({
    entry: "@espalier/worker/depth",
    name: "depth",
    out: flags.out,
    stageNames,
    request: ({ target }) => ({
      modelPath: resolve(flags.model),
      corpusPath: resolve(flags.calibration),
      drop: flags.drop ?? null,
      method: flags.method,
      target,
      calibrationWindows: flags.samples,
      scoringWindows: flags.windows,
      reportWindows: flags.windows,
      sequenceLength: flags.sequenceLength,
      training: {
        scale_steps: flags.scaleSteps,
        shift_steps: flags.shiftSteps,
        scale_penalty: flags.scalePenalty,
        change_penalty: flags.changePenalty,
        learning_rate: flags.learningRate,
        rank: flags.rank,
      },
      seed: flags.seed,
      threads: flags.threads,
      provider: flags.provider,
    }),
  });
}
