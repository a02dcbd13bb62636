import { type JobId, type ParetoView, REFERENCE_PERPLEXITY_FACTOR } from "@espalier/contracts";
import { frontVolume } from "@espalier/search";
import type { Database } from "../database/connect.js";
import { readJobRow } from "./job-view.js";

type ModelPoint = NonNullable<ParetoView["reference"]>;

/**
 * Results that no other result beats in parameters and perplexity, over all completed trials and sparsities. The
 * database finds them in one pass: by size, those that are better than every smaller one.
 */
export async function readPareto(database: Database, jobId: JobId): Promise<ParetoView> {
  const { dense: found } = await readJobRow(database, jobId);
  const points = await database.$queryRaw<ParetoView["points"]>`
    WITH results AS (
      SELECT t.number, (r->>'sparsity')::float8 AS sparsity, (r->>'achieved_sparsity')::float8 AS achieved_sparsity,
        (r->>'parameters')::float8 AS parameters, (r->>'scoring_perplexity')::float8 AS scoring_perplexity
      FROM trials AS t CROSS JOIN LATERAL jsonb_array_elements(t.results) AS r
      WHERE t.job_id = ${jobId} AND t.state = 'completed' AND jsonb_typeof(r->'scoring_perplexity') = 'number'
    ), running AS (
      SELECT *, min(scoring_perplexity) OVER (
        ORDER BY parameters, scoring_perplexity, number, sparsity ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS best_before
      FROM results
    )
    SELECT parameters, scoring_perplexity, number AS trial_number, sparsity, achieved_sparsity FROM running
    WHERE best_before IS NULL OR scoring_perplexity < best_before ORDER BY parameters`;
  const perplexity = found?.scoring_perplexity;
  const dense = found && perplexity ? { parameters: found.parameters, scoring_perplexity: perplexity } : null;
  return { points, dense, ...volumeOf(points, dense) };
}

/** Area under the documented reference, on the axes of the contract. */
function volumeOf(
  points: readonly ModelPoint[],
  dense: ModelPoint | null,
): Pick<ParetoView, "reference" | "hypervolume"> {
  if (dense === null) return { reference: null, hypervolume: null };
  const reference = { ...dense, scoring_perplexity: dense.scoring_perplexity * REFERENCE_PERPLEXITY_FACTOR };
  const onAxes = points.map(({ parameters, scoring_perplexity }) => [
    parameters / reference.parameters,
    Math.log(scoring_perplexity / dense.scoring_perplexity) / Math.log(REFERENCE_PERPLEXITY_FACTOR),
  ]);
  return { reference, hypervolume: frontVolume(onAxes, [1, 1]) };
}
