/**
 * Trials per hour against trials that recompute gradients first, as AdaPruner and LLM-Pruner do, over 10 to 512 calibration
 * samples: (gradient pass + trial) ÷ trial. Once for whole trials at random points, once for the trials of a search with
 * racing (TPE, from the starts of the space, a share of them refining), which read fewer tokens but, where they refine,
 * measure gradients of each new best plan; both kinds of trial are raced and refined, and recompute the same gradients.
 * Prints one JSON line per count of samples; CPU time, means over the trials.
 * npm run bench -- trial/recomputed-gradients [SPARSITY] [TRIALS] [REFINEMENT]
 */
import { defineSpace, randomSampler, streamRng } from "@espalier/search";
import { runSearch, type Step } from "../quality/run-search.js";
import { printResult } from "../result-line.js";
import { cpuMilliseconds } from "./cpu-time.js";
import { openGradientPass } from "./gradient-pass.js";
import { cutWindows, modelName, openTrialJob, SCORING_WINDOWS, WINDOW_TOKENS } from "./trial-job.js";

const [sparsity, trials, refinement] = ["0.2", "40", "0.5"].map((value, i) => Number(process.argv[2 + i] ?? value));
/** AdaPruner takes 10 (arXiv 2503.06184). */
const SAMPLES = [10, 32, 64, 128, 256, 512];
const WHOLE_TRIALS = 5;
const WARM_UP = 1;
const PASSES = 2;

const context = await openTrialJob({ sparsity, racing: true });
const pass = await openGradientPass(context.shape, context.weights, await cutWindows(0, Math.max(...SAMPLES)));
const space = defineSpace(context.space);

const whole: number[] = [];
const passes: number[][] = [];
for (let run = 0; run < WARM_UP + WHOLE_TRIALS; run++) {
  const params = randomSampler.suggest(space, { directions: ["minimize"], trials: [] }, streamRng(0, run));
  const trial = await cpuMilliseconds(() => context.score(params));
  if (run >= WARM_UP) whole.push(trial);
  if (run >= WARM_UP && run < WARM_UP + PASSES) passes.push(await pass.run(SAMPLES));
}

let steps: Step[] = [];
const baselines = { evaluated: [], starts: context.starts, given: [] };
const search = await cpuMilliseconds(async () => {
  steps = await runSearch(context, baselines, { sampler: "tpe", refinement, racing: true, trials, seed: 0 });
});
await pass.close();
await context.close();

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const wholeTrial = mean(whole);
const racedTrial = search / trials;
const shareOf = (refined: boolean) =>
  mean(steps.filter(({ origin }) => (origin === "refinement") === refined).map(({ share }) => share));
for (const [s, samples] of SAMPLES.entries()) {
  const gradients = mean(passes.map((times) => times[s]));
  printResult({
    figure: "recomputing_over_trial",
    samples,
    ratio: (gradients + wholeTrial) / wholeTrial,
    ratio_raced: (gradients + racedTrial) / racedTrial,
    gradients_ms: gradients,
    trial_ms: wholeTrial,
    raced_trial_ms: racedTrial,
    share_of_tokens: { sampler: shareOf(false), refinement: refinement > 0 ? shareOf(true) : null },
    trials,
    refinement,
    model: modelName,
    sparsity,
    tokens: SCORING_WINDOWS * WINDOW_TOKENS,
  });
}
