/**
 * Racing: what it saves and what it costs, on stories3M. For each seed the same search runs twice, with every trial scored
 * whole and with trials racing; then every stopped trial is scored whole, to see whether it would have beaten its rival.
 * Prints one JSON line per seed: share of the scoring tokens saved (overall and by where trials come from), stopped
 * trials and false stops, seconds in trials, best scoring and report perplexity of both searches.
 * npm run bench -- trial/racing [TRIALS] [SEEDS] [SPARSITY] [REFINEMENT]
 */
import { createJobBody, type JobSpec } from "@espalier/contracts";
import { type BaselineOutcome, openSearchContext, type SearchContext } from "@espalier/pruning";
import { nextPoint, type Origin, type Params, type Trial } from "@espalier/search";
import { CALIBRATION_WINDOWS, modelPath, prepareTexts, REPORT_WINDOWS, WINDOW_TOKENS } from "../quality/texts.js";

const [trials = "60", seeds = "0,1,2,3,4", sparsity = "0.2", refinement = "0.5"] = process.argv.slice(2);
/** Windows that 60,000 characters hold. */
const SCORING_WINDOWS = 115;

const texts = prepareTexts();

function specOf(seed: number): JobSpec {
  const split = (corpus: string, windows: number) => ({
    corpus,
    windows,
    sequence_length: WINDOW_TOKENS,
    skip_windows: 0,
  });
  const { webhooks: _, ...body } = createJobBody.parse({
    model: { path: "stories3M" },
    calibration: { corpus: "calibration" },
    target: { sparsity: Number(sparsity) },
    search: { seed, racing: true },
  });
  return {
    ...body,
    search: { ...body.search, refinement: Number(refinement) },
    calibration: split("calibration", CALIBRATION_WINDOWS),
    scoring: [{ ...split("scoring", SCORING_WINDOWS), weight: 1 }],
    report: split("report", REPORT_WINDOWS),
    target: { ...body.target, sparsity: [Number(sparsity)] },
  };
}

interface Stop {
  readonly params: Params;
  readonly rivalScore: number;
}

interface Found {
  readonly params: Params;
  readonly trial: number;
  readonly scoring: number;
  readonly seconds: number;
  /** Share of the scoring tokens that each trial read. */
  readonly shares: readonly { readonly origin: Origin; readonly share: number }[];
  readonly stops: readonly Stop[];
}

/** One search, as the pipeline runs it with one worker. */
async function search(context: SearchContext, baselines: BaselineOutcome, seed: number, race: boolean): Promise<Found> {
  const settings = { sampler: "tpe", trials: Number(trials), refinement: Number(refinement), seed } as const;
  const schedule = { ...baselines, ...settings, space: context.space };
  const history: Trial[] = [];
  const shares: Found["shares"][number][] = [];
  const stops: Stop[] = [];
  let best: { number: number; params: Params; score: number; windowLosses: readonly Float64Array[] } | undefined;
  let seconds = 0;
  for (let number = 0; number < Number(trials); number++) {
    const { params, origin } = nextPoint(schedule, history, number);
    const start = performance.now();
    const rival = race ? best?.windowLosses : undefined;
    const { score, stopped, windowLosses } = await context.score(params, { rival });
    seconds += (performance.now() - start) / 1000;
    shares.push({ origin, share: stopped?.share ?? 1 });
    if (stopped !== null) {
      stops.push({ params, rivalScore: best?.score ?? Number.NaN });
      history.push({ number, state: "complete", params, values: [stopped.partial] });
    } else if (score === null) {
      history.push({ number, state: "complete", params, values: [Number.POSITIVE_INFINITY] });
    } else {
      history.push({ number, state: "complete", params, values: [score] });
      if (score < (best?.score ?? Number.POSITIVE_INFINITY)) best = { number, params, score, windowLosses };
    }
  }
  if (best === undefined) throw new Error("no trial has a finite score");
  return { params: best.params, trial: best.number, scoring: Math.exp(best.score), seconds, shares, stops };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Number((values.reduce((a, b) => a + b, 0) / values.length).toFixed(4));

function saved({ shares }: Found, origin?: Origin): number | null {
  return mean(shares.filter((trial) => origin === undefined || trial.origin === origin).map(({ share }) => 1 - share));
}

/** Stopped trials that, scored whole, are better than the rival that they raced against. */
async function falseStops(context: SearchContext, stops: readonly Stop[]): Promise<number> {
  let count = 0;
  for (const { params, rivalScore } of stops) {
    const { score } = await context.score(params);
    if (score !== null && score < rivalScore) count++;
  }
  return count;
}

let baselines: BaselineOutcome | undefined;
for (const seed of seeds.split(",").map(Number)) {
  const context = await openSearchContext({
    modelPath,
    spec: specOf(seed),
    corpusPaths: { calibration: texts.calibration, scoring: [texts.scoring], report: texts.report },
    dataDir: texts.profiles,
  });
  // The order of the windows does not change what baselines score, beyond rounding.
  baselines ??= await context.baselines();
  const whole = await search(context, baselines, seed, false);
  const raced = await search(context, baselines, seed, true);
  const winners = [whole, raced].map(({ params, trial }) => ({
    sparsity: Number(sparsity),
    trialNumber: trial,
    params,
  }));
  const { best } = await context.report(winners, []);
  console.log(
    JSON.stringify({
      figure: "racing",
      seed,
      sparsity: Number(sparsity),
      trials: Number(trials),
      refinement: Number(refinement),
      tokens_saved: saved(raced),
      saved_sampler: saved(raced, "sampler"),
      saved_refinement: saved(raced, "refinement"),
      stopped: raced.stops.length,
      false_stops: await falseStops(context, raced.stops),
      seconds: { whole: Number(whole.seconds.toFixed(1)), raced: Number(raced.seconds.toFixed(1)) },
      scoring: { whole: whole.scoring, raced: raced.scoring },
      report: { whole: best[0].report_perplexity, raced: best[1].report_perplexity },
    }),
  );
  await context.close();
}
