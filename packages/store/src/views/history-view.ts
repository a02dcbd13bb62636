import type { EvaluatedModel, HistoryView, JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { evenNumbers, isOfKind } from "./even-numbers.js";
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

/**
 * Scans no trials: improvements are kept rows, others are looked up, twice as many as wanted so that enough are left.
 * LIMIT 1 of a lookup keeps Postgres from joining all the job's trials instead.
 */
function readPoints(database: Database, { id: jobId, inserted }: JobRow, points: number): Promise<PointRow[]> {
  const others = evenNumbers(jobId, "settled", { first: 0, end: inserted }, 2 * points);
  return database.$queryRaw<PointRow[]>`
    WITH steps AS (
      SELECT trial_number, row_number() OVER (ORDER BY trial_number DESC) - 1 AS from_end, count(*) OVER () AS count
      FROM improving_trials WHERE job_id = ${jobId}
    ), kept AS (
      SELECT trial_number AS number FROM steps WHERE from_end % GREATEST(1, count / ${points}::int) = 0
      UNION
      (SELECT number FROM trials WHERE ${isOfKind(jobId, "settled")} ORDER BY number DESC LIMIT 1)
    ), chosen AS (
      SELECT number FROM kept UNION (${others})
    )
    SELECT t.number, t.state, t.score, best.score AS "bestScore", t.number IN (SELECT number FROM kept) AS "isKept"
    FROM chosen
    CROSS JOIN LATERAL (
      SELECT number, state, score FROM trials WHERE job_id = ${jobId} AND number = chosen.number LIMIT 1
    ) AS t
    LEFT JOIN LATERAL (
      SELECT score FROM improving_trials WHERE job_id = ${jobId} AND trial_number <= chosen.number
      ORDER BY trial_number DESC LIMIT 1
    ) AS best ON true
    ORDER BY t.number`;
}

const baselinePoints = ({ baselines }: JobRow): HistoryView["baselines"] =>
  baselines.map(({ name, sparsity, scoring_perplexity }: EvaluatedModel) => ({ name, sparsity, scoring_perplexity }));
