import type { Job, Trial } from "@espalier/client";

/** Share by which a result's perplexity is below the best baseline's at its sparsity; null where either has none. */
export function againstBaseline(
  { sparsity, scoring_perplexity }: Pick<Trial["results"][number], "sparsity" | "scoring_perplexity">,
  baselines: Job["best_baseline"],
): number | null {
  const rival = baselines.find((one) => one.sparsity === sparsity)?.scoring_perplexity ?? null;
  return rival === null || scoring_perplexity === null ? null : 1 - scoring_perplexity / rival;
}
