/** A search in this process, trial by trial as the service runs it: the same schedule, scores and random streams. */
import type { BaselineOutcome, SearchContext } from "@espalier/pruning";
import { nextPoint, type Params, type SamplerName, type Trial } from "@espalier/search";

/** How a search proposes. */
export interface Variant {
  readonly sampler: SamplerName;
  /** Share of the trials that refine. */
  readonly refinement: number;
}

/** What came of one trial. */
export interface Step {
  readonly params: Params;
  /** Log perplexity; NaN where infeasible. */
  readonly score: number;
  readonly seconds: number;
  /** Scoring perplexity by sparsity. */
  readonly perplexities: ReadonlyMap<number, number | null>;
}

/** The trials of a search, in order. The context and the baselines do not depend on the seed. */
export async function runSearch(
  context: SearchContext,
  baselines: BaselineOutcome,
  settings: Variant & { readonly trials: number; readonly seed: number },
): Promise<Step[]> {
  const schedule = { ...baselines, ...settings, space: context.space };
  const history: Trial[] = [];
  const steps: Step[] = [];
  for (let number = 0; number < settings.trials; number++) {
    const { params } = nextPoint(schedule, history, number);
    const start = performance.now();
    const { score, results } = await context.score(params);
    const seconds = (performance.now() - start) / 1000;
    const perplexities = new Map(results.map((result) => [result.sparsity, result.scoring_perplexity]));
    steps.push({ params, score: score ?? Number.NaN, seconds, perplexities });
    history.push(
      score === null ? { number, state: "failed", params } : { number, state: "complete", params, values: [score] },
    );
  }
  return steps;
}

/** Number of the best of the first `count` trials. */
export function bestOf(steps: readonly Step[], count: number): number {
  let best = 0;
  for (let n = 1; n < Math.min(count, steps.length); n++) if (!(steps[n].score >= steps[best].score)) best = n;
  return best;
}
