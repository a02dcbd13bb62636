import type { Job } from "@espalier/client";

type Model = Job["best"][number];

/** Where a perplexity was measured: the search saw the scoring text, and nothing saw the report text. */
export type Split = "scoring" | "report";

/** One sparsity of a job: what was found beside what it is measured by. */
export interface Found {
  readonly sparsity: number;
  readonly split: Split;
  readonly found: number | null;
  readonly trial: number | null;
  readonly parameters: number;
  readonly baseline: { readonly name: string; readonly perplexity: number | null } | null;
  readonly dense: number | null;
  /** Share by which the found perplexity is below the best baseline's; negative: it is above. */
  readonly gain: number | null;
}

/** What a job found at each sparsity, on the report text once all was measured there, else on the scoring text. */
export function foundSoFar({
  best,
  best_baseline,
  dense,
}: Pick<Job, "best" | "best_baseline" | "dense">): readonly Found[] {
  return best.map((winner) => {
    const rival = best_baseline.find(({ sparsity }) => sparsity === winner.sparsity) ?? null;
    const models = [winner, rival, dense].filter((model) => model !== null);
    const split: Split = models.every(({ report_perplexity }) => report_perplexity !== null) ? "report" : "scoring";
    const of = (model: Model): number | null =>
      split === "report" ? model.report_perplexity : model.scoring_perplexity;
    const [found, against] = [of(winner), rival === null ? null : of(rival)];
    return {
      sparsity: winner.sparsity,
      split,
      found,
      trial: winner.trial_number,
      parameters: winner.parameters,
      baseline: rival === null ? null : { name: rival.name, perplexity: against },
      dense: dense === null ? null : of(dense),
      gain: found === null || against === null ? null : 1 - found / against,
    };
  });
}

/** Places from 0 (left) to 1 of perplexities on a logarithmic scale with some room at both ends. */
export function placesOnScale(values: readonly (number | null)[]): readonly (number | null)[] {
  const logs = values.map((value) => (value === null ? null : Math.log(value)));
  const known = logs.filter((log) => log !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = 0.08;
  return logs.map((log) =>
    log === null ? null : high === low ? 0.5 : room + ((1 - 2 * room) * (log - low)) / (high - low),
  );
}
