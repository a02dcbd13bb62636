/** The job of the trial benches: stories3M where ../shared is there, else the shipped stories260K. */
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJobBody, type JobSpec } from "@espalier/contracts";
import { loadTokenizer, windowReader } from "@espalier/model";
import { openSearchContext, type SearchContext } from "@espalier/pruning";

/** About 20,000 scoring tokens: what a search is advised to score on. */
export const SCORING_WINDOWS = 160;
export const WINDOW_TOKENS = 128;
const CALIBRATION_WINDOWS = 256;

const root = fileURLToPath(new URL("../../", import.meta.url));
const large = join(root, "../shared/data");
const shared = existsSync(large);
const modelPath = shared ? join(large, "models/stories3M") : join(root, "examples/models/stories260K");
const corpus = shared
  ? join(large, "corpora/tinystories.train-head.calib.txt")
  : join(root, "examples/corpora/tinystories-train.txt");
const dataDir = join(tmpdir(), "espalier-bench-trial");

export const modelName = basename(modelPath);

/** What a bench changes. */
export interface TrialJob {
  readonly sparsity: number;
  readonly racing?: boolean;
  /** Blocks at the start that no trial prunes. */
  readonly protectedBlocks?: number;
}

const place = (skip_windows: number, windows: number) => ({
  corpus: basename(corpus),
  windows,
  sequence_length: WINDOW_TOKENS,
  skip_windows,
});

function specOf({ sparsity, racing = false, protectedBlocks = 0 }: TrialJob): JobSpec {
  const { webhooks: _, ...body } = createJobBody.parse({
    model: { path: modelName },
    calibration: { corpus: basename(corpus) },
    target: { sparsity },
    search: { racing, space: { "protect.first": protectedBlocks } },
    compensation: "least_squares",
  });
  return {
    ...body,
    search: { ...body.search, refinement: 0, racing },
    calibration: place(0, CALIBRATION_WINDOWS),
    scoring: [{ ...place(CALIBRATION_WINDOWS, SCORING_WINDOWS), weight: 1 }],
    report: place(CALIBRATION_WINDOWS + SCORING_WINDOWS, 8),
    target: { ...body.target, sparsity: [sparsity] },
  };
}

/** Opens the job; its statistics are computed once and found again. */
export function openTrialJob(job: TrialJob): Promise<SearchContext> {
  mkdirSync(dataDir, { recursive: true });
  const corpusPaths = { calibration: corpus, scoring: [corpus], report: corpus };
  return openSearchContext({ modelPath, spec: specOf(job), corpusPaths, dataDir });
}

/** Windows of the corpus by themselves. */
export async function cutWindows(skipWindows: number, windows: number): Promise<readonly Int32Array[]> {
  const reader = windowReader(await loadTokenizer(modelPath));
  return await reader.cut({ corpusPath: corpus, windows, sequenceLength: WINDOW_TOKENS, skipWindows });
}

/** The windows that trials are scored on. */
export const scoringWindows = (): Promise<readonly Int32Array[]> => cutWindows(CALIBRATION_WINDOWS, SCORING_WINDOWS);
