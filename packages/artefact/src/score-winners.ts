import type { SearchContext, StepOptions } from "@espalier/pruning";
import type { ArtefactWinner } from "./artefact-request.js";

/** A winner with its figure of the search. */
export interface ScoredWinner extends ArtefactWinner {
  readonly scoringPerplexity: number | null;
}

/** The search's own figures, computed again: cheaper than to carry them through rows, and equal by construction. */
export async function scoreWinners(
  context: Pick<SearchContext, "score">,
  winners: readonly ArtefactWinner[],
  { signal }: Pick<StepOptions, "signal">,
): Promise<readonly ScoredWinner[]> {
  const scored: ScoredWinner[] = [];
  for (const winner of winners) {
    const { results } = await context.score(winner.params, signal === undefined ? {} : { signal });
    const result = results.find(({ sparsity }) => sparsity === winner.sparsity);
    scored.push({ ...winner, scoringPerplexity: result?.scoring_perplexity ?? null });
  }
  return scored;
}
