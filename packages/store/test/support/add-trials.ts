import type { JobId } from "@espalier/contracts";
import type { TestStore } from "./open-test-store.js";

/**
 * Adds settled trials straight into the table, from number `from`, with a score or null for a failed one. Duration and the
 * parameter `flat` follow the score; a failed trial has neither.
 */
export async function addTrials(
  { sql }: TestStore,
  id: JobId,
  from: number,
  scores: readonly (number | null)[],
): Promise<void> {
  await sql(
    `INSERT INTO trials (job_id, number, state, score, duration_seconds, params)
     SELECT $1, $2 + ordinality - 1, CASE WHEN score IS NULL THEN 'failed' ELSE 'completed' END, score, abs(score),
       CASE WHEN score IS NULL THEN '{}' ELSE jsonb_build_object('flat', -score / 2) END
     FROM unnest($3::float8[]) WITH ORDINALITY AS t(score)`,
    [id, from, scores],
  );
  await sql(
    `UPDATE jobs SET trials_inserted = trials_inserted + $2, trials_completed = trials_completed + $2 - $3,
       trials_failed = trials_failed + $3, trial_budget = 1000000 WHERE id = $1`,
    [id, scores.length, scores.filter((score) => score === null).length],
  );
}
