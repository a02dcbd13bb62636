/**
 * Share of a trial's time outside the forward pass: recombining, planning, compensating. No backward pass, no session.
 * A trial against one plain forward pass of the dense model over the same windows, and against a trial that first
 * recomputes gradients over 10 samples (AdaPruner's count) or the whole pool.
 * Prints one JSON line per figure: median and spread of 12 trials after 3 for warm-up, random points of the space,
 * compensation least_squares. On stories3M where ../shared is there, else on the shipped stories260K.
 * npm run bench -- trial/trial [SPARSITY]
 */
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJobBody, type JobSpec } from "@espalier/contracts";
import { loadTokenizer, windowReader } from "@espalier/model";
import { densePlan, openForwardPool, openScorer, openSearchContext } from "@espalier/pruning";
import { defineSpace, randomSampler, streamRng } from "@espalier/search";
import { openRecomputedGradients } from "./recomputed-gradients.js";

const [sparsity = "0.2"] = process.argv.slice(2);
const WARM_UP = 3;
const RUNS = 12;
/** About 20,000 scoring tokens: what a search is advised to score on. */
const SCORING_WINDOWS = 160;
const CALIBRATION_WINDOWS = 256;
/** Calibration samples of a trial in AdaPruner (arXiv 2503.06184). */
const PAPER_SAMPLES = 10;
const WINDOW_TOKENS = 128;

const root = fileURLToPath(new URL("../../", import.meta.url));
const large = join(root, "../shared/data");
const shared = existsSync(large);
const modelPath = shared ? join(large, "models/stories3M") : join(root, "examples/models/stories260K");
const corpus = shared
  ? join(large, "corpora/tinystories.train-head.calib.txt")
  : join(root, "examples/corpora/tinystories-train.txt");
const dataDir = join(tmpdir(), "espalier-bench-trial");
mkdirSync(dataDir, { recursive: true });

const place = (skip_windows: number, windows: number) => ({
  corpus: basename(corpus),
  windows,
  sequence_length: WINDOW_TOKENS,
  skip_windows,
});
const { webhooks: _, ...body } = createJobBody.parse({
  model: { path: basename(modelPath) },
  calibration: { corpus: basename(corpus) },
  target: { sparsity: Number(sparsity) },
  compensation: "least_squares",
});
const spec: JobSpec = {
  ...body,
  search: { ...body.search, refinement: 0 },
  calibration: place(0, CALIBRATION_WINDOWS),
  scoring: [{ ...place(CALIBRATION_WINDOWS, SCORING_WINDOWS), weight: 1 }],
  report: place(CALIBRATION_WINDOWS + SCORING_WINDOWS, 8),
  target: { ...body.target, sparsity: [Number(sparsity)] },
};

const corpusPaths = { calibration: corpus, scoring: [corpus], report: corpus };
const context = await openSearchContext({ modelPath, spec, corpusPaths, dataDir });
const reader = windowReader(await loadTokenizer(modelPath));
const windows = await reader.cut({
  corpusPath: corpus,
  windows: SCORING_WINDOWS,
  sequenceLength: WINDOW_TOKENS,
  skipWindows: CALIBRATION_WINDOWS,
});
const calibration = await reader.cut({
  corpusPath: corpus,
  windows: CALIBRATION_WINDOWS,
  sequenceLength: WINDOW_TOKENS,
  skipWindows: 0,
});
const { shape, weights } = context;
const fewGradients = await openRecomputedGradients(shape, weights, calibration.slice(0, PAPER_SAMPLES));
const allGradients = await openRecomputedGradients(shape, weights, calibration);
const pool = openForwardPool({ shape: context.shape, weights: context.weights });
const forward = await openScorer(pool, [{ windows, weight: 1 }]);

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const from = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - from) / 1e6;
};

const space = defineSpace(context.space);
const trials: number[] = [];
const outside: number[] = [];
const passes: number[] = [];
const few: number[] = [];
const all: number[] = [];
for (let run = 0; run < WARM_UP + RUNS; run++) {
  const params = randomSampler.suggest(space, { directions: ["minimize"], trials: [] }, streamRng(0, run));
  // Plan and weights first, by themselves: the trial after it finds this point's statistics recombined already.
  const rest = await milliseconds(async () =>
    context.compensatedWeights(params, await context.plan(params, Number(sparsity))),
  );
  const trial = await milliseconds(() => context.score(params));
  const pass = await milliseconds(() => forward.score({ plan: densePlan(context.shape) }));
  const fewTime = await milliseconds(() => fewGradients.run());
  const allTime = await milliseconds(() => allGradients.run());
  if (run < WARM_UP) continue;
  few.push(fewTime);
  all.push(allTime);
  trials.push(trial);
  outside.push(rest);
  passes.push(pass);
}
await fewGradients.close();
await allGradients.close();
await pool.close();
await context.close();

const line = (figure: string, unit: string, values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, median, high] = [0.1, 0.5, 0.9].map((q) => sorted[Math.round(q * (sorted.length - 1))]);
  const where = { model: basename(modelPath), sparsity: Number(sparsity), tokens: SCORING_WINDOWS * WINDOW_TOKENS };
  console.log(JSON.stringify({ figure, unit, median, low, high, runs: values.length, ...where }));
};
line("trial", "ms", trials);
line("forward", "ms", passes);
line("outside_forward", "ms", outside);
line(
  "outside_forward_share",
  "1",
  outside.map((rest, r) => rest / (rest + passes[r])),
);
const ratio = (figure: string, times: readonly number[], over: readonly number[]) =>
  line(
    figure,
    "1",
    times.map((time, r) => time / over[r]),
  );
ratio("trial_over_plain_forward", trials, passes);
ratio(
  "recomputing_10_samples_over_trial",
  trials.map((trial, r) => trial + few[r]),
  trials,
);
ratio(
  "recomputing_pool_over_trial",
  trials.map((trial, r) => trial + all[r]),
  trials,
);
