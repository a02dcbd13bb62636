import { ANALYSED_TRIALS, type JobId } from "@espalier/contracts";
import type { Params, SearchPlan } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { evenTrials, isOfKind, type NumberRange } from "./even-trials.js";
import { checkJobExists } from "./job-view.js";

export interface AnalysedTrial {
  readonly number: number;
  readonly params: Params;
  readonly score: number;
}

/** What parameters are judged by. */
export interface AnalysedTrials {
  /** Null before the job was profiled. */
  readonly space: SearchPlan["space"] | null;
  /** Completed trials that were not refined, by number. */
  readonly trials: readonly AnalysedTrial[];
  /** There are more than were read. */
  readonly truncated: boolean;
}

/** Newest improvements that are always looked at, so that the best one is. */
const IMPROVEMENTS = 100;

/**
 * Reads a job's space and its trials; of more than ANALYSED_TRIALS so many at even distances, the latest improvements
 * among them. The arithmetic runs on the service's event loop: this bound is what one request can cost all others.
 */
export async function readAnalysedTrials(database: Database, jobId: JobId): Promise<AnalysedTrials> {
  const [job] = await database.$queryRaw<{ space: SearchPlan["space"] | null }[]>`
    SELECT plan->'space' AS space FROM jobs WHERE id = ${jobId} AND deleted_at IS NULL`;
  if (!job) await checkJobExists(database, jobId);
  const [counted] = await database.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM trials WHERE ${isOfKind(jobId, "analysed")} LIMIT ${ANALYSED_TRIALS + 1}) AS first`;
  const truncated = (counted?.count ?? 0) > ANALYSED_TRIALS;
  const trials = truncated ? await readSample(database, jobId) : await readWhole(database, jobId);
  return { space: job?.space ?? null, trials, truncated };
}

const readWhole = (database: Database, jobId: JobId): Promise<AnalysedTrial[]> => database.$queryRaw<AnalysedTrial[]>`
  SELECT number, params, score FROM trials WHERE ${isOfKind(jobId, "analysed")}
  ORDER BY number LIMIT ${ANALYSED_TRIALS}`;

async function readSample(database: Database, jobId: JobId): Promise<AnalysedTrial[]> {
  const [range = { first: 0, end: 0 }] = await database.$queryRaw<NumberRange[]>`
    SELECT min(number) AS first, max(number) + 1 AS end FROM trials WHERE ${isOfKind(jobId, "analysed")}`;
  const even = evenTrials(jobId, "analysed", range, ANALYSED_TRIALS - IMPROVEMENTS);
  return database.$queryRaw<AnalysedTrial[]>`
    WITH improvements AS (
      SELECT trial_number FROM improving_trials WHERE job_id = ${jobId} ORDER BY trial_number DESC LIMIT ${IMPROVEMENTS}
    )
    SELECT t.number, t.params, t.score FROM improvements CROSS JOIN LATERAL (
      SELECT number, params, score FROM trials
      WHERE ${isOfKind(jobId, "analysed")} AND number = trial_number LIMIT 1
    ) AS t
    UNION ALL
    SELECT number, params, score FROM (${even}) AS others
    WHERE number NOT IN (SELECT trial_number FROM improvements)
    ORDER BY number`;
}
