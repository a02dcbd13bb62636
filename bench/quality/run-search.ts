/** A search in this process, trial by trial as the service runs it: the same schedule, scores and random streams. */
import type { BaselineOutcome, SearchContext } from "@espalier/pruning";
import { nextPoint, type Origin, type Params, type SamplerName, type Trial } from "@espalier/search";

/** How a search proposes, and whether its trials race against the best one. */
export interface Variant {
  readonly sampler: SamplerName;
  /** Share of the trials that refine. */
  readonly refinement: number;
  readonly racing?: boolean;
}

/** What came of one trial. */
export interface Step {
  readonly params: Params;
  readonly origin: Origin;
  /** Log perplexity; NaN where infeasible or stopped. */
  readonly score: number;
  readonly seconds: number;
  /** Share of the scoring tokens that it read. */
  readonly share: number;
  /** Score of the trial that it raced against and lost to; null where it was not stopped. */
  readonly lostTo: number | null;
  /** Scoring perplexity by sparsity. */
  readonly perplexities: ReadonlyMap<number, number | null>;
}

/** The trials of a search, in order; with `until` it ends at the first score that is no worse. The context and the baselines do not depend on the seed. */
export async function runSearch(
  context: SearchContext,
  baselines: BaselineOutcome,
  settings: Variant & { readonly trials: number; readonly seed: number; readonly until?: number },
): Promise<Step[]> {
  const schedule = { ...baselines, ...settings, space: context.space };
  const history: Trial[] = [];
  const steps: Step[] = [];
  let best: { score: number; windowLosses: readonly Float64Array[] } | undefined;
  for (let number = 0; number < settings.trials; number++) {
    const { params, origin } = nextPoint(schedule, history, number);
    const start = performance.now();
    const rival = settings.racing === true ? best?.windowLosses : undefined;
    const { score, results, windowLosses, stopped } = await context.score(params, { rival });
    const seconds = (performance.now() - start) / 1000;
    const perplexities = new Map(results.map((result) => [result.sparsity, result.scoring_perplexity]));
    const share = stopped?.share ?? 1;
    const lostTo = stopped === null ? null : (best?.score ?? null);
    steps.push({ params, origin, score: score ?? Number.NaN, seconds, share, lostTo, perplexities });
    // A stopped trial is told with the score that it was heading for, as in the service.
    const told = stopped?.partial ?? score;
    history.push(
      told === null ? { number, state: "failed", params } : { number, state: "complete", params, values: [told] },
    );
    if (score !== null && score <= (settings.until ?? Number.NEGATIVE_INFINITY)) break;
    if (score !== null && score < (best?.score ?? Number.POSITIVE_INFINITY)) best = { score, windowLosses };
  }
  return steps;
}

/** Number of the best of the first `count` trials; the first one where none has a score. */
export function bestOf(steps: readonly Step[], count: number): number {
  let best = 0;
  for (let n = 1; n < Math.min(count, steps.length); n++) {
    const { score } = steps[n];
    if (score < steps[best].score || (Number.isNaN(steps[best].score) && !Number.isNaN(score))) best = n;
  }
  return best;
}
