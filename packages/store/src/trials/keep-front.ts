import type { JobId, TrialResult } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { json } from "../database/json.js";

/**
 * Keeps the results that no other beats in parameters and perplexity, over all completed trials and sparsities; of equal
 * ones the lower number, then the lower sparsity, so that order of arrival does not matter. Counts a change on the job's
 * row, to be told. The caller holds the job.
 */
export async function keepFront(
  tx: Transaction,
  jobId: JobId,
  number: number,
  results: readonly TrialResult[],
): Promise<void> {
  const finite = results.filter(({ scoring_perplexity }) => scoring_perplexity !== null);
  if (finite.length === 0) return;
  // Both parts see the front as it was: a result that beats one of it is not kept from it by that one, as rows compare.
  // What leaves the front is beaten by something that enters it: nothing changes where nothing is inserted.
  const entered = await tx.$executeRaw`
    WITH found AS (
      SELECT parameters, scoring_perplexity AS perplexity, ${number}::int AS trial_number, sparsity, achieved_sparsity
      FROM jsonb_to_recordset(${json(finite)}::jsonb)
        AS row(sparsity float8, achieved_sparsity float8, parameters float8, scoring_perplexity float8)
    ), beaten AS (
      DELETE FROM front_results AS f USING found AS r
      WHERE f.job_id = ${jobId} AND r.parameters <= f.parameters AND r.perplexity <= f.perplexity
        AND (r.parameters, r.perplexity, r.trial_number, r.sparsity)
          < (f.parameters, f.perplexity, f.trial_number, f.sparsity)
    ), others AS (
      SELECT parameters, perplexity, trial_number, sparsity FROM front_results WHERE job_id = ${jobId}
      UNION ALL SELECT parameters, perplexity, trial_number, sparsity FROM found
    )
    INSERT INTO front_results (job_id, trial_number, sparsity, achieved_sparsity, parameters, perplexity)
    SELECT ${jobId}, trial_number, sparsity, achieved_sparsity, parameters, perplexity FROM found AS r
    WHERE NOT EXISTS (
      SELECT 1 FROM others AS o WHERE o.parameters <= r.parameters AND o.perplexity <= r.perplexity
        AND (o.parameters, o.perplexity, o.trial_number, o.sparsity)
          < (r.parameters, r.perplexity, r.trial_number, r.sparsity))`;
  if (entered > 0) await tx.$executeRaw`UPDATE jobs SET front_changes = front_changes + 1 WHERE id = ${jobId}`;
}
