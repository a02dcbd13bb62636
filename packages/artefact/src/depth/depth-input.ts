import { AppError, type DepthProgress, type DepthRequest, loraRecovery } from "@espalier/contracts";
import type { ModelFolder, WindowReader } from "@espalier/model";
import type { DepthInput } from "@espalier/pruning";

/** What cutting the depth of a model needs. */
export interface CutDepthOptions extends DepthRequest {
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly onProgress?: (progress: DepthProgress) => void;
  /** Looked at between micro-batches; aborting rejects with the signal's reason and leaves nothing. */
  readonly signal?: AbortSignal;
}

/** A model in memory. */
export interface OpenedModel {
  readonly folder: ModelFolder;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Three stretches of one text, one behind the other. */
export interface DepthTexts {
  readonly calibration: readonly Int32Array[];
  readonly scoring: readonly Int32Array[];
  readonly report: readonly Int32Array[];
}

/** Cuts the windows. Throws AppError CORPUS_TOO_SHORT, CORPUS_NOT_FOUND, CORPUS_MALFORMED. */
export async function readTexts(request: DepthRequest, reader: WindowReader): Promise<DepthTexts> {
  const { corpusPath, sequenceLength, calibrationWindows, scoringWindows, reportWindows } = request;
  const cut = (skipWindows: number, windows: number) =>
    reader.cut({ corpusPath, windows, sequenceLength, skipWindows });
  return {
    calibration: await cut(0, calibrationWindows),
    scoring: await cut(calibrationWindows, scoringWindows),
    report: await cut(calibrationWindows + scoringWindows, reportWindows),
  };
}

/** Measurements of a training on the scoring text. */
const MEASUREMENTS = 12;

/** What a depth method is given. Throws AppError VALIDATION_FAILED where no block would stay. */
export function depthInput({ folder, weights }: OpenedModel, texts: DepthTexts, options: CutDepthOptions): DepthInput {
  const { shape } = folder.config;
  const { drop, training, seed, provider, threads, now, signal } = options;
  const depth = shape.layers.length;
  const count = drop ?? Math.max(1, Math.round(depth / 4));
  if (count >= depth) {
    throw new AppError(
      "VALIDATION_FAILED",
      `The model has ${depth} blocks: ask for at most ${depth - 1}, not ${count}.`,
    );
  }
  return {
    shape,
    weights,
    count,
    calibration: texts.calibration,
    validation: [{ windows: texts.scoring, weight: 1 }],
    training: {
      scaleSteps: training.scale_steps,
      scaleRate: 0.02,
      scalePenalty: training.scale_penalty,
      changePenalty: training.change_penalty,
      adapters: loraRecovery.parse({
        method: "lora",
        rank: training.rank,
        learning_rate: training.learning_rate,
        max_steps: training.shift_steps,
        evaluate_every: Math.max(1, Math.ceil(training.shift_steps / MEASUREMENTS)),
        patience: MEASUREMENTS,
      }),
    },
    seed,
    provider,
    threads,
    now,
    signal,
  };
}
