import type { EvaluatedModel, HistoryView, JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { evenTrials, isOfKind } from "./even-trials.js";
import type { JobRow } from "./job-columns.js";
import { readJobRow } from "./job-view.js";
import { thin } from "./thin.js";

interface PointRow {
  readonly number: number;
  readonly state: string;
  readonly score: number | null;
  readonly bestScore: number | null;
  readonly isKept: boolean;
}

/**
 * Settled trials by number with the best score of all numbers up to each. Of more than `points`, kept are the last one,
 * then as many improvements as fit (evenly, when even they are too many), then others at even distances.
 */
export async function readHistory(database: Database, jobId: JobId, points: number): Promise<HistoryView> {
  const job = await readJobRow(database, jobId);
  const rows = await readPoints(database, job, points);
  return {
    trials: thin(rows, points).map(({ number, state, score, bestScore }) => ({
      number,
      state,
      score,
      best_score: bestScore,
    })),
    baselines: baselinePoints(job),
    total: job.completed + job.pruned + job.failed + job.infeasible,
  };
}

/** Looked up beyond the wanted points, so that enough are left beside the improvements. */
const SPARE = 500;

/**
 * Scans no trials: improvements are kept rows, others are looked up. LIMIT 1 of a lookup keeps Postgres from joining all
 * the job's trials instead.
 */
function readPoints(database: Database, { id: jobId, inserted }: JobRow, points: number): Promise<PointRow[]> {
  const others = evenTrials(jobId, "settled", { first: 0, end: inserted }, points + Math.min(points, SPARE));
  return database.$queryRaw<PointRow[]>`
    WITH steps AS (
      SELECT trial_number, row_number() OVER (ORDER BY trial_number DESC) - 1 AS from_end, count(*) OVER () AS count
      FROM improving_trials WHERE job_id = ${jobId}
    ), kept AS (
      SELECT trial_number AS number FROM steps WHERE from_end % GREATEST(1, count / ${points}::int) = 0
      UNION
      (SELECT number FROM trials WHERE ${isOfKind(jobId, "settled")} ORDER BY number DESC LIMIT 1)
    ), chosen AS (
      SELECT t.number, t.state, t.score, true AS is_kept FROM kept CROSS JOIN LATERAL (
        SELECT number, state, score FROM trials WHERE job_id = ${jobId} AND number = kept.number LIMIT 1
      ) AS t
      UNION ALL
      SELECT number, state, score, false FROM (${others}) AS others WHERE number NOT IN (SELECT number FROM kept)
    )
    SELECT chosen.number, chosen.state, chosen.score, best.score AS "bestScore", chosen.is_kept AS "isKept"
    FROM chosen
    LEFT JOIN LATERAL (
      SELECT score FROM improving_trials WHERE job_id = ${jobId} AND trial_number <= chosen.number
      ORDER BY trial_number DESC LIMIT 1
    ) AS best ON true
    ORDER BY chosen.number`;
}

const baselinePoints = ({ baselines }: JobRow): HistoryView["baselines"] =>
  baselines.map(({ name, sparsity, scoring_perplexity }: EvaluatedModel) => ({ name, sparsity, scoring_perplexity }));
