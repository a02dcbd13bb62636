import { ANALYSED_TRIALS, type JobId } from "@espalier/contracts";
import type { Params, SearchPlan } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { evenTrials, isOfKind, type NumberRange } from "./even-trials.js";
import { checkJobExists } from "./job-view.js";

export interface ScoredTrial {
  readonly number: number;
  readonly score: number;
}

export interface AnalysedTrial extends ScoredTrial {
  readonly params: Params;
}

/** What parameters are judged by. */
export interface AnalysedTrials<Trial extends ScoredTrial> {
  /** Null before the job was profiled. */
  readonly space: SearchPlan["space"] | null;
  /** Completed trials that were not refined, by number. */
  readonly trials: readonly Trial[];
  /** There are more than were read. */
  readonly truncated: boolean;
}

/** Newest improvements that are always looked at, so that the best one is. */
const IMPROVEMENTS = 100;

/**
 * Reads a job's space and its trials; of more than ANALYSED_TRIALS so many at even distances, the latest improvements
 * among them. The arithmetic runs on the service's event loop: this bound is what one request can cost all others.
 */
export const readAnalysedTrials = (database: Database, jobId: JobId): Promise<AnalysedTrials<AnalysedTrial>> =>
  readAnalysed(database, jobId, Prisma.sql`number, params, score`);

/** The same trials without their parameters: most of what is read. */
export const readAnalysedScores = (database: Database, jobId: JobId): Promise<AnalysedTrials<ScoredTrial>> =>
  readAnalysed(database, jobId, Prisma.sql`number, score`);

async function readAnalysed<Trial extends ScoredTrial>(
  database: Database,
  jobId: JobId,
  columns: Prisma.Sql,
): Promise<AnalysedTrials<Trial>> {
  const [job] = await database.$queryRaw<{ space: SearchPlan["space"] | null }[]>`
    SELECT plan->'space' AS space FROM jobs WHERE id = ${jobId} AND deleted_at IS NULL`;
  if (!job) await checkJobExists(database, jobId);
  const [counted] = await database.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (
      SELECT 1 FROM trials WHERE ${isOfKind(jobId, "analysed")} LIMIT ${ANALYSED_TRIALS + 1}) AS first`;
  const truncated = (counted?.count ?? 0) > ANALYSED_TRIALS;
  const query = truncated ? await sampleOf(database, jobId, columns) : wholeOf(jobId, columns);
  return { space: job?.space ?? null, trials: await database.$queryRaw<Trial[]>(query), truncated };
}

const wholeOf = (jobId: JobId, columns: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT ${columns} FROM trials WHERE ${isOfKind(jobId, "analysed")}
  ORDER BY number LIMIT ${ANALYSED_TRIALS}`;

async function sampleOf(database: Database, jobId: JobId, columns: Prisma.Sql): Promise<Prisma.Sql> {
  const [range = { first: 0, end: 0 }] = await database.$queryRaw<NumberRange[]>`
    SELECT min(number) AS first, max(number) + 1 AS end FROM trials WHERE ${isOfKind(jobId, "analysed")}`;
  const count = ANALYSED_TRIALS - IMPROVEMENTS;
  const even = evenTrials({ jobId, kind: "analysed", range, count, columns });
  return Prisma.sql`
    WITH improvements AS (
      SELECT trial_number FROM improving_trials WHERE job_id = ${jobId} ORDER BY trial_number DESC LIMIT ${IMPROVEMENTS}
    )
    SELECT t.* FROM improvements CROSS JOIN LATERAL (
      SELECT ${columns} FROM trials
      WHERE ${isOfKind(jobId, "analysed")} AND number = trial_number LIMIT 1
    ) AS t
    UNION ALL
    SELECT * FROM (${even}) AS others
    WHERE number NOT IN (SELECT trial_number FROM improvements)
    ORDER BY number`;
}
