import type { EvaluatedModel, HistoryView, JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { readJobRow } from "./job-view.js";

interface PointRow {
  readonly number: number;
  readonly state: string;
  readonly score: number | null;
  readonly bestScore: number | null;
  readonly total: number;
}

/**
 * Settled trials by number with the best score up to each. Of more than `points`, kept are the last one, then as many
 * improvements as fit (evenly, when even they are too many), then others at even distances.
 */
export async function readHistory(database: Database, jobId: JobId, points: number): Promise<HistoryView> {
  const job = await readJobRow(database, jobId);
  const rows = await database.$queryRaw<PointRow[]>`
    WITH settled AS (
      SELECT number, state, score, min(score) OVER running AS best, row_number() OVER running AS position,
        count(*) OVER () AS total
      FROM trials WHERE job_id = ${jobId} AND state IN ('completed', 'pruned', 'failed', 'infeasible')
      WINDOW running AS (ORDER BY number ROWS UNBOUNDED PRECEDING)
    ), marked AS (
      SELECT *, best IS DISTINCT FROM lag(best) OVER (ORDER BY number) OR position = total AS is_kept FROM settled
    ), numbered AS (
      SELECT *, row_number() OVER (PARTITION BY is_kept ORDER BY number DESC) AS rank,
        count(*) OVER (PARTITION BY is_kept) AS size, count(*) FILTER (WHERE is_kept) OVER () AS kept
      FROM marked
    ), thinned AS (
      SELECT *, CASE WHEN is_kept THEN LEAST(size, ${points}::int) ELSE GREATEST(0, ${points}::int - kept) END AS room
      FROM numbered
    )
    SELECT number, state, score, best AS "bestScore", total::int FROM thinned
    WHERE room >= size OR (rank - 1) * room / size <> (rank - 2) * room / size OR (rank = 1 AND room > 0)
    ORDER BY number`;
  return {
    trials: rows.map(({ number, state, score, bestScore }) => ({ number, state, score, best_score: bestScore })),
    baselines: job.baselines.map(baselinePoint),
    total: rows[0]?.total ?? 0,
  };
}

const baselinePoint = ({ name, sparsity, scoring_perplexity }: EvaluatedModel) => ({
  name,
  sparsity,
  scoring_perplexity,
});
