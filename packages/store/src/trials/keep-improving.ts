import type { JobId } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";

/**
 * Keeps a completed trial that is better than all of lower number, in place of those of higher number that it beats or
 * equals: so the best score up to each number is right in whatever order results arrive. The caller holds the job.
 */
export async function keepImproving(tx: Transaction, jobId: JobId, number: number, score: number): Promise<void> {
  // Scores fall with the number, so the nearest lower one is the best of all lower ones.
  const entered = await tx.$executeRaw`
    INSERT INTO improving_trials (job_id, trial_number, score)
    SELECT ${jobId}, ${number}::int, ${score}::float8
    WHERE ${score}::float8 < COALESCE((
      SELECT score FROM improving_trials WHERE job_id = ${jobId} AND trial_number < ${number}::int
      ORDER BY trial_number DESC LIMIT 1), 'Infinity')`;
  if (entered === 0) return;
  await tx.$executeRaw`
    DELETE FROM improving_trials
    WHERE job_id = ${jobId} AND trial_number > ${number}::int AND score >= ${score}::float8`;
}
