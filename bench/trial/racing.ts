/**
 * Racing: what it saves and what it costs, on stories3M. For each seed the same search runs twice, with every trial scored
 * whole and with trials racing; then every stopped trial is scored whole, to see whether it would have beaten its rival.
 * Prints one JSON line per seed: share of the scoring tokens saved (overall and by where trials come from), stopped
 * trials and false stops, seconds in trials, best scoring and report perplexity of both searches.
 * npm run bench -- trial/racing [TRIALS] [SEEDS] [SPARSITIES] [REFINEMENT]
 */
import type { BaselineOutcome, SearchContext } from "@espalier/pruning";
import { openSearchContext } from "@espalier/pruning";
import type { Origin } from "@espalier/search";
import { storiesJob } from "../quality/job-spec.js";
import { bestOf, runSearch, type Step } from "../quality/run-search.js";
import { modelPath, prepareTexts } from "../quality/texts.js";
import { printResult } from "../result-line.js";

const [trials = "60", seeds = "0,1,2,3,4", sparsities = "0.2", refinement = "0.5"] = process.argv.slice(2);

const texts = prepareTexts();

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;

function saved(steps: readonly Step[], origin?: Origin): number | null {
  return mean(steps.filter((step) => origin === undefined || step.origin === origin).map(({ share }) => 1 - share));
}

const seconds = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + step.seconds, 0);

/** Stopped trials that, scored whole, are better than the rival that they raced against. */
async function falseStops(context: SearchContext, steps: readonly Step[]): Promise<number> {
  let count = 0;
  for (const { params, lostTo } of steps) {
    if (lostTo === null) continue;
    const { score } = await context.score(params);
    if (score !== null && score < lostTo) count++;
  }
  return count;
}

async function compare(sparsity: number, seed: number, known?: BaselineOutcome): Promise<BaselineOutcome> {
  const context = await openSearchContext({
    modelPath,
    spec: storiesJob([sparsity], { trials: Number(trials), seed, racing: true }),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });
  // The order of the windows, which the seed decides, does not change what baselines score, beyond rounding.
  const baselines = known ?? (await context.baselines());
  const search = (racing: boolean): Promise<Step[]> =>
    runSearch(context, baselines, {
      sampler: "tpe",
      refinement: Number(refinement),
      racing,
      trials: Number(trials),
      seed,
    });
  const whole = await search(false);
  const raced = await search(true);
  const winners = [whole, raced].map((steps) => {
    const trialNumber = bestOf(steps, steps.length);
    return { sparsity, trialNumber, params: steps[trialNumber].params };
  });
  const { best } = await context.report(winners, []);
  printResult({
    figure: "racing",
    seed,
    sparsity,
    trials: Number(trials),
    refinement: Number(refinement),
    tokens_saved: saved(raced),
    saved_sampler: saved(raced, "sampler"),
    saved_refinement: saved(raced, "refinement"),
    stopped: raced.filter(({ lostTo }) => lostTo !== null).length,
    false_stops: await falseStops(context, raced),
    seconds: { whole: seconds(whole), raced: seconds(raced) },
    scoring: { whole: best[0].scoring_perplexity, raced: best[1].scoring_perplexity },
    report: { whole: best[0].report_perplexity, raced: best[1].report_perplexity },
  });
  await context.close();
  return baselines;
}

for (const sparsity of sparsities.split(",").map(Number)) {
  let baselines: BaselineOutcome | undefined;
  for (const seed of seeds.split(",").map(Number)) baselines = await compare(sparsity, seed, baselines);
}
