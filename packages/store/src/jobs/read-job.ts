import type { JobId } from "@espalier/contracts";
import type { EarlierSearch, JobRecord, Params, TrialLogEntry, Winner } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { secondsSearching } from "./pause-columns.js";

/** The job as the pipeline sees it; a deleted one is none. */
export async function readJob(database: Database | Transaction, id: JobId): Promise<JobRecord | undefined> {
  const [row] = await database.$queryRaw<JobRecord[]>`
    SELECT id, state, spec, plan, baselines, dense, request_id AS "requestId", trace_parent AS "traceParent",
      half_batch AS "halfBatch", ${secondsSearching} AS "secondsSearching"
    FROM jobs WHERE id = ${id} AND deleted_at IS NULL`;
  return row;
}

/** Best completed trial per sparsity, by sparsity. */
export async function readWinners(database: Database, id: JobId): Promise<readonly Winner[]> {
  const rows = await database.bestResult.findMany({
    where: { jobId: id },
    orderBy: { sparsity: "asc" },
    select: { sparsity: true, trialNumber: true, trial: { select: { params: true } } },
  });
  return rows.map(({ sparsity, trialNumber, trial }) => ({ sparsity, trialNumber, params: trial.params as Params }));
}

/** All trials that were settled, by number. */
export async function readTrialLog(database: Database, id: JobId): Promise<readonly TrialLogEntry[]> {
  const rows = await database.trial.findMany({
    where: { jobId: id, state: { in: ["completed", "pruned", "failed", "infeasible"] } },
    orderBy: { number: "asc" },
    select: { number: true, state: true, params: true, score: true },
  });
  return rows.map((row) => ({ ...row, params: row.params as Params | null }));
}

/** A job with its best completed trials that were not refined, and the best refined one; of equal ones the first. */
export async function readEarlierSearch(
  database: Database,
  id: JobId,
  limit: number,
): Promise<EarlierSearch | undefined> {
  const job = await readJob(database, id);
  if (!job) return undefined;
  const results = await database.$queryRaw<EarlierSearch["results"]>`
    SELECT params, score FROM trials
    WHERE job_id = ${id} AND state = 'completed' AND origin <> 'refinement' ORDER BY score, number LIMIT ${limit}`;
  const [refined = null] = await database.$queryRaw<NonNullable<EarlierSearch["refined"]>[]>`
    SELECT params, score FROM trials
    WHERE job_id = ${id} AND state = 'completed' AND origin = 'refinement' ORDER BY score, number LIMIT 1`;
  const { state, spec, dense } = job;
  return { state, spec, dense, results, refined };
}
