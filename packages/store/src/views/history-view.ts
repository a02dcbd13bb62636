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
      SELECT number, state, score, min(score) OVER (ORDER BY number ROWS UNBOUNDED PRECEDING) AS best,
        min(score) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best_before,
        row_number() OVER (ORDER BY number) AS position
      FROM trials WHERE job_id = ${jobId} AND state IN ('completed', 'pruned', 'failed', 'infeasible')
    ), marked AS (
      SELECT *, (best IS NOT NULL AND best IS DISTINCT FROM best_before) OR position = ${total}::bigint AS is_kept
      FROM running
    )
    SELECT number, state, score, best AS "bestScore", is_kept AS "isKept" FROM marked
    WHERE is_kept OR position % ${stride}::bigint = 0 ORDER BY number`;
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
