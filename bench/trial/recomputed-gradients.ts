/**
 * Trials per hour against trials that recompute gradients first, as AdaPruner and LLM-Pruner do, over 10 to 512 calibration
 * samples: (gradient pass + trial) ÷ trial. Once for whole trials at random points, once for the trials of a search with
 * racing (TPE), which read fewer tokens; both kinds of trial are raced, and recompute the same gradients.
 * Prints one JSON line per count of samples; CPU time, means over the trials.
 * npm run bench -- trial/recomputed-gradients [SPARSITY] [TRIALS]
 */
import { defineSpace, randomSampler, streamRng } from "@espalier/search";
import { runSearch } from "../quality/run-search.js";
import { printResult } from "../result-line.js";
import { cpuMilliseconds, quantile } from "./cpu-time.js";
import { openGradientPass } from "./gradient-pass.js";
import { cutWindows, modelName, openTrialJob, SCORING_WINDOWS, WINDOW_TOKENS } from "./trial-job.js";

const [sparsity, trials] = [process.argv[2] ?? "0.2", process.argv[3] ?? "40"].map(Number);
/** AdaPruner takes 10 (arXiv 2503.06184). */
const SAMPLES = [10, 32, 64, 128, 256, 512];
const WHOLE_TRIALS = 8;
const WARM_UP = 2;
const PASSES = 3;

const context = await openTrialJob({ sparsity, racing: true });
const pass = await openGradientPass(context.shape, context.weights, await cutWindows(0, Math.max(...SAMPLES)));
const space = defineSpace(context.space);

const whole: number[] = [];
const passes = new Map<number, number[]>(SAMPLES.map((samples) => [samples, []]));
for (let run = 0; run < WARM_UP + WHOLE_TRIALS; run++) {
  const params = randomSampler.suggest(space, { directions: ["minimize"], trials: [] }, streamRng(0, run));
  const trial = await cpuMilliseconds(() => context.score(params));
  if (run >= WARM_UP) whole.push(trial);
  if (run >= WARM_UP && run < WARM_UP + PASSES) {
    for (const samples of SAMPLES) passes.get(samples)?.push(await pass.run(samples));
  }
}

let shares: number[] = [];
const baselines = { evaluated: [], starts: context.starts, given: [] };
const search = await cpuMilliseconds(async () => {
  const steps = await runSearch(context, baselines, { sampler: "tpe", refinement: 0, racing: true, trials, seed: 0 });
  shares = steps.map(({ share }) => share);
});
await pass.close();
await context.close();

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const wholeTrial = mean(whole);
const racedTrial = search / trials;
for (const samples of SAMPLES) {
  const gradients = quantile(passes.get(samples) ?? [], 0.5);
  printResult({
    figure: "recomputing_over_trial",
    samples,
    ratio: (gradients + wholeTrial) / wholeTrial,
    ratio_raced: (gradients + racedTrial) / racedTrial,
    gradients_ms: gradients,
    trial_ms: wholeTrial,
    raced_trial_ms: racedTrial,
    raced_share_of_tokens: mean(shares),
    trials,
    model: modelName,
    sparsity,
    tokens: SCORING_WINDOWS * WINDOW_TOKENS,
  });
}
