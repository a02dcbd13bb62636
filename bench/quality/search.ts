/**
 * The search against the best single-metric baseline with the same compensation, on stories3M at 20 % and 50 %.
 * Prints one JSON line per seed and sparsity. npm run bench -- quality/search [TRIALS] [SEEDS] [SPARSITIES]
 */
import type { JobSpec } from "@espalier/contracts";
import { type BaselineOutcome, openSearchContext, type SearchContext } from "@espalier/pruning";
import {
  defineSpace,
  type Params,
  randomSampler,
  streamRng,
  type Trial,
  tpeOptions,
  tpeSampler,
} from "@espalier/search";
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

type Kind = "tpe" | "random";
const samplers = { tpe: tpeSampler(tpeOptions()), random: randomSampler };

interface Found {
  readonly kind: Kind;
  readonly seed: number;
  readonly params: Params;
  /** Trial of the best point. */
  readonly trial: number;
  /** Scoring perplexity of each trial. */
  readonly course: readonly number[];
}

/** One search; the context and the baselines do not depend on the sampler's seed. */
async function search(
  context: SearchContext,
  { starts, given }: BaselineOutcome,
  kind: Kind,
  seed: number,
): Promise<Found> {
  const space = defineSpace(context.space);
  const history: Trial[] = given.map(({ params, score }, number) => ({
    number,
    state: "complete",
    params,
    values: [score],
  }));
  const course: number[] = [];
  let best = { score: Number.POSITIVE_INFINITY, params: starts[0], trial: -1 };
  for (let n = 0; n < Number(trials); n++) {
    const number = given.length + n;
    const known = { directions: ["minimize"] as const, trials: history };
    const params = starts[n] ?? samplers[kind].suggest(space, known, streamRng(seed, number));
    const { score } = await context.score(params);
    history.push(
      score === null ? { number, state: "failed", params } : { number, state: "complete", params, values: [score] },
    );
    course.push(Math.exp(score ?? Number.NaN));
    if (score !== null && score < best.score) best = { score, params, trial: n };
  }
  return { kind, seed, params: best.params, trial: best.trial, course };
}

/** Every seed with the default sampler, the first one with random draws too; the baselines are reported once. */
for (const sparsity of sparsities.split(",").map(Number)) {
  const context = await openSearchContext({
    modelPath,
    spec: specOf(sparsity, 0),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });
  const baselines = await context.baselines();
  const found: Found[] = [];
  const all = seeds.split(",").map(Number);
  for (const seed of all) found.push(await search(context, baselines, "tpe", seed));
  found.push(await search(context, baselines, "random", all[0]));
  const winners = found.map(({ trial, params }) => ({ sparsity, trialNumber: trial, params }));
  const { dense, best, improvement } = await context.report(winners, baselines.evaluated);
  found.forEach(({ kind, seed, trial, course }, i) => {
    console.log(
      JSON.stringify({
        figure: "search",
        sampler: kind,
        sparsity,
        seed,
        trials: Number(trials),
        dense: dense.report_perplexity,
        first_scoring: course[0],
        best_scoring: course[trial],
        best_trial: trial,
        report: best[i].report_perplexity,
        improvement: improvement[i],
        course: course.map((x) => Number(x.toFixed(2))),
      }),
    );
  });
  await context.close();
}
