/**
 * The search against the best single-metric baseline with the same compensation, on stories3M at 20 % and 50 %.
 * Prints one JSON line per seed and sparsity. Run after a build: npx jiti bench/quality/search.ts [TRIALS] [SEEDS] [SPARSITIES]
 */
import type { JobSpec } from "@espalier/contracts";
import { type BaselineOutcome, openSearchContext, type SearchContext } from "@espalier/pruning";
import { defineSpace, streamRng, type Trial, tpeOptions, tpeSampler } from "@espalier/search";
import { CALIBRATION_WINDOWS, modelPath, prepareTexts, REPORT_WINDOWS, WINDOW_TOKENS } from "./texts.js";

const [trials = "60", seeds = "0,1,2", sparsities = "0.2,0.5"] = process.argv.slice(2);
/** Windows that 60,000 characters hold. */
const SCORING_WINDOWS = 120;

const texts = prepareTexts();
const split = (corpus: string, windows: number) => ({
  corpus,
  windows,
  sequence_length: WINDOW_TOKENS,
  skip_windows: 0,
});

function specOf(sparsity: number, seed: number): JobSpec {
  return {
    model: { path: "stories3M" },
    calibration: split("calibration", CALIBRATION_WINDOWS),
    scoring: [{ ...split("scoring", SCORING_WINDOWS), weight: 1 }],
    report: split("report", REPORT_WINDOWS),
    target: { sparsity: [sparsity], layout: "free", round_to: 1 },
    search: {
      preset: "espalier",
      trials: Number(trials),
      parallelism: 1,
      seed,
      sampler: "tpe",
      racing: false,
      space: {},
    },
    baselines: true,
    compensation: "search",
    recovery: { method: "none" },
    evaluation: { tasks: [] },
    export: { profiles: ["native"] },
    budget: { max_duration_seconds: null, max_compute_seconds: null },
    labels: {},
  };
}

const sampler = tpeSampler(tpeOptions());

/** One search; the context and the baselines do not depend on the sampler's seed. */
async function search(
  context: SearchContext,
  { evaluated, starts, given }: BaselineOutcome,
  sparsity: number,
  seed: number,
): Promise<void> {
  const space = defineSpace(context.space);
  const history: Trial[] = given.map(({ params, score }, number) => ({
    number,
    state: "complete",
    params,
    values: [score],
  }));
  const course: number[] = [];
  let best = { score: Number.POSITIVE_INFINITY, params: starts[0], number: -1 };
  for (let n = 0; n < Number(trials); n++) {
    const number = given.length + n;
    const params =
      starts[n] ?? sampler.suggest(space, { directions: ["minimize"], trials: history }, streamRng(seed, number));
    const { score } = await context.score(params);
    history.push(
      score === null ? { number, state: "failed", params } : { number, state: "complete", params, values: [score] },
    );
    course.push(score ?? Number.NaN);
    if (score !== null && score < best.score) best = { score, params, number: n };
  }
  const winner = { sparsity, trialNumber: best.number, params: best.params };
  const { dense, best: found, improvement } = await context.report([winner], evaluated);
  console.log(
    JSON.stringify({
      figure: "search",
      sparsity,
      seed,
      trials: Number(trials),
      dense: dense.report_perplexity,
      first_scoring: Math.exp(course[0]),
      best_scoring: Math.exp(best.score),
      best_trial: best.number,
      report: found[0].report_perplexity,
      improvement: improvement[0],
      course: course.map((x) => Number(Math.exp(x).toFixed(2))),
    }),
  );
}

for (const sparsity of sparsities.split(",").map(Number)) {
  const context = await openSearchContext({
    modelPath,
    spec: specOf(sparsity, 0),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });
  const baselines = await context.baselines();
  for (const seed of seeds.split(",").map(Number)) await search(context, baselines, sparsity, seed);
  await context.close();
}
