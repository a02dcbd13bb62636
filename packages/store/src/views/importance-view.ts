import type { ImportanceQuery, ImportanceView, JobId } from "@espalier/contracts";
import { defineSpace, parameterImportance } from "@espalier/search";
import type { Database } from "../database/connect.js";
import { readAnalysedTrials } from "./analysed-trials.js";

/** PED-ANOVA over trials of sampler and starts: about 0.05 s of arithmetic for 10,000 trials of 40 parameters. */
export async function readImportance(
  database: Database,
  jobId: JobId,
  { quantile }: ImportanceQuery,
): Promise<ImportanceView> {
  const { space, trials, truncated } = await readAnalysedTrials(database, jobId);
  const { parameters, top, reason } = parameterImportance(defineSpace(space ?? []), trials, { quantile });
  return {
    trials: trials.length,
    truncated,
    quantile,
    top_trials: top,
    parameters: parameters.map((parameter) => ({ ...parameter })),
    reason,
  };
}
