import { AppError, type JobId } from "@espalier/contracts";
import type { Winner } from "./ports/records.js";
import type { JobStore } from "./ports/stores.js";

/** The best completed trial of each sparsity. Throws SEARCH_INFEASIBLE when there is none. */
export async function chooseWinners(jobs: Pick<JobStore, "winners">, id: JobId): Promise<readonly Winner[]> {
  const winners = await jobs.winners(id);
  if (winners.length > 0) return winners;
  throw new AppError(
    "SEARCH_INFEASIBLE",
    "No trial gave a finite perplexity. Ask for a lower sparsity or more calibration samples.",
  );
}
