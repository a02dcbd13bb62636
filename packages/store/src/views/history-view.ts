import type { EvaluatedModel, HistoryPoint, HistoryQuery, HistoryView, JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { evenTrials, isOfKind, type NumberRange } from "./even-trials.js";
import type { JobRow } from "./job-columns.js";
import { readJobRow } from "./job-view.js";
import { thin } from "./thin.js";

interface PointRow extends Omit<HistoryPoint, "perplexities"> {
  readonly perplexities: HistoryPoint["perplexities"] | null;
  readonly isKept: boolean;
}

/**
 * Settled trials by number with the best score of all numbers up to each. Of more than `points`, kept are the last one,
 * then as many improvements as fit (evenly, when even they are too many), then others at even distances.
 */
export async function readHistory(database: Database, jobId: JobId, query: HistoryQuery): Promise<HistoryView> {
  const job = await readJobRow(database, jobId);
  const { points, min_number: first = 0, max_number = job.inserted } = query;
  const range = { first, end: Math.min(job.inserted, max_number + 1) };
  const count = points + Math.min(points, SPARE);
  const rows = await readPoints(database, jobId, range, { points, count });
  return {
    trials: thin(rows, points).map(({ isKept: _, perplexities, ...point }) => ({
      ...point,
      perplexities: perplexities ?? [],
    })),
    baselines: baselinePoints(job),
    total: job.completed + job.pruned + job.failed + job.infeasible,
    thinned: rows.length > points || range.end - range.first > count,
  };
}

/** Looked up beyond the wanted points, so that enough are left beside the improvements. */
const SPARE = 500;

const COLUMNS = Prisma.sql`number, state, origin, score, rival, partial_score, scored_share, results`;

/** Of a result only what a curve shows: the lists of units kept are most of it. */
const PERPLEXITIES = Prisma.sql`(
  SELECT jsonb_agg(jsonb_build_object('sparsity', result->'sparsity', 'scoring_perplexity', result->'scoring_perplexity'))
  FROM jsonb_array_elements(results) AS result WHERE jsonb_typeof(result->'scoring_perplexity') = 'number')`;

/**
 * Scans no trials: improvements are kept rows, others are looked up. LIMIT 1 of a lookup keeps Postgres from joining all
 * the job's trials instead.
 */
function readPoints(
  database: Database,
  jobId: JobId,
  range: NumberRange,
  { points, count }: { readonly points: number; readonly count: number },
): Promise<PointRow[]> {
  const others = evenTrials({ jobId, kind: "settled", range, count, columns: COLUMNS });
  const { first, end } = range;
  return database.$queryRaw<PointRow[]>`
    WITH steps AS (
      SELECT trial_number, row_number() OVER (ORDER BY trial_number DESC) - 1 AS from_end, count(*) OVER () AS count
      FROM improving_trials WHERE job_id = ${jobId} AND trial_number >= ${first} AND trial_number < ${end}
    ), kept AS (
      SELECT trial_number AS number FROM steps WHERE from_end % GREATEST(1, count / ${points}::int) = 0
      UNION
      (SELECT number FROM trials
        WHERE ${isOfKind(jobId, "settled")} AND number >= ${first} AND number < ${end}
        ORDER BY number DESC LIMIT 1)
    ), chosen AS (
      SELECT t.*, true AS is_kept FROM kept CROSS JOIN LATERAL (
        SELECT ${COLUMNS} FROM trials WHERE job_id = ${jobId} AND number = kept.number LIMIT 1
      ) AS t
      UNION ALL
      SELECT others.*, false FROM (${others}) AS others WHERE number NOT IN (SELECT number FROM kept)
    )
    SELECT chosen.number, state, origin, chosen.score, best.score AS best_score, rival, partial_score, scored_share,
      ${PERPLEXITIES} AS perplexities, is_kept AS "isKept"
    FROM chosen
    LEFT JOIN LATERAL (
      SELECT score FROM improving_trials WHERE job_id = ${jobId} AND trial_number <= chosen.number
      ORDER BY trial_number DESC LIMIT 1
    ) AS best ON true
    ORDER BY chosen.number`;
}

const baselinePoints = ({ baselines }: JobRow): HistoryView["baselines"] =>
  baselines.map(({ name, sparsity, scoring_perplexity }: EvaluatedModel) => ({ name, sparsity, scoring_perplexity }));
