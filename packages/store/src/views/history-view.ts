import type { EvaluatedModel, HistoryView, JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
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
 * Settled trials by number with the best score up to each. Of more than `points`, kept are the last one, then as many
 * improvements as fit (evenly, when even they are too many), then others at even distances. One pass along the primary
 * key: the database returns improvements and every n-th trial, the rest is chosen here.
 */
export async function readHistory(database: Database, jobId: JobId, points: number): Promise<HistoryView> {
  const job = await readJobRow(database, jobId);
  const total = job.completed + job.pruned + job.failed + job.infeasible;
  const stride = Math.max(1, Math.floor(total / points));
  const rows = await database.$queryRaw<PointRow[]>`
    WITH running AS (
      SELECT number, state, score,
        min(score) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best_before
      FROM trials WHERE job_id = ${jobId} AND state IN ('completed', 'pruned', 'failed', 'infeasible')
    ), last AS (
      SELECT number FROM trials WHERE job_id = ${jobId} AND state IN ('completed', 'pruned', 'failed', 'infeasible')
      ORDER BY number DESC LIMIT 1
    ), marked AS (
      SELECT *, COALESCE(score < best_before, score IS NOT NULL) OR number = (SELECT number FROM last) AS is_kept
      FROM running
    )
    SELECT number, state, score, LEAST(score, best_before) AS "bestScore", is_kept AS "isKept" FROM marked
    WHERE is_kept OR number % ${stride}::int = 0 ORDER BY number`;
  return {
    trials: thin(rows, points).map(({ number, state, score, bestScore }) => ({
      number,
      state,
      score,
      best_score: bestScore,
    })),
    baselines: baselinePoints(job),
    total,
  };
}

const baselinePoints = ({ baselines }: JobRow): HistoryView["baselines"] =>
  baselines.map(({ name, sparsity, scoring_perplexity }: EvaluatedModel) => ({ name, sparsity, scoring_perplexity }));
