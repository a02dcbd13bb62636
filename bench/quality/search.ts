/**
 * The search against the best single-metric baseline with the same compensation, on stories3M at 20 % and 50 %.
 * Prints one JSON line per seed, sparsity and variant (sampler:share of trials that refine).
 * npm run bench -- quality/search [TRIALS] [SEEDS] [SPARSITIES] [VARIANTS]
 */
import type { JobSpec } from "@espalier/contracts";
import { type BaselineOutcome, openSearchContext, type SearchContext } from "@espalier/pruning";
import { nextPoint, type Params, type SamplerName, type Trial } from "@espalier/search";
import { CALIBRATION_WINDOWS, modelPath, prepareTexts, REPORT_WINDOWS, WINDOW_TOKENS } from "./texts.js";

const [trials = "60", seeds = "0,1,2", sparsities = "0.2,0.5", variants = "tpe:0.5,tpe:0,random:0.5,random:0"] =
  process.argv.slice(2);
/** Windows that 60,000 characters hold. */
const SCORING_WINDOWS = 115;

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
      refinement: 0,
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

interface Variant {
  readonly sampler: SamplerName;
  readonly refinement: number;
}

interface Found extends Variant {
  readonly seed: number;
  readonly params: Params;
  /** Trial of the best point. */
  readonly trial: number;
  /** Scoring perplexity of each trial, and the seconds it took. */
  readonly course: readonly number[];
  readonly seconds: readonly number[];
}

/** One search; the context and the baselines do not depend on the sampler's seed. */
async function search(
  context: SearchContext,
  baselines: BaselineOutcome,
  variant: Variant,
  seed: number,
): Promise<Found> {
  const schedule = { ...baselines, ...variant, space: context.space, trials: Number(trials), seed };
  const history: Trial[] = [];
  const course: number[] = [];
  const seconds: number[] = [];
  let best: { score: number; params: Params; trial: number } = {
    score: Number.POSITIVE_INFINITY,
    params: {},
    trial: -1,
  };
  for (let number = 0; number < Number(trials); number++) {
    const { params } = nextPoint(schedule, history, number);
    const start = performance.now();
    const { score } = await context.score(params);
    seconds.push((performance.now() - start) / 1000);
    history.push(
      score === null ? { number, state: "failed", params } : { number, state: "complete", params, values: [score] },
    );
    course.push(Math.exp(score ?? Number.NaN));
    if (score !== null && score < best.score) best = { score, params, trial: number };
  }
  return { ...variant, seed, params: best.params, trial: best.trial, course, seconds };
}

const parsedVariants = variants.split(",").map((text): Variant => {
  const [sampler, refinement] = text.split(":");
  return { sampler: sampler === "random" ? "random" : "tpe", refinement: Number(refinement) };
});

for (const sparsity of sparsities.split(",").map(Number)) {
  const context = await openSearchContext({
    modelPath,
    spec: specOf(sparsity, 0),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });
  const baselines = await context.baselines();
  for (const seed of seeds.split(",").map(Number)) {
    for (const variant of parsedVariants) {
      const { trial, params, course, seconds, ...found } = await search(context, baselines, variant, seed);
      const { dense, best, improvement } = await context.report(
        [{ sparsity, trialNumber: trial, params }],
        baselines.evaluated,
      );
      console.log(
        JSON.stringify({
          figure: "search",
          ...found,
          sparsity,
          trials: Number(trials),
          dense: dense.report_perplexity,
          first_scoring: course[0],
          best_scoring: course[trial],
          best_trial: trial,
          exchange: params["exchange"] ?? null,
          report: best[0].report_perplexity,
          improvement: improvement[0],
          course: course.map((x) => Number(x.toFixed(2))),
          seconds: seconds.map((x) => Number(x.toFixed(1))),
        }),
      );
    }
  }
  await context.close();
}
