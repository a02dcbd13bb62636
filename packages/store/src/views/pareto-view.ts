import { type JobId, type ParetoView, REFERENCE_PERPLEXITY_FACTOR } from "@espalier/contracts";
import { frontVolume } from "@espalier/search";
import type { Database } from "../database/connect.js";
import { readJobRow } from "./job-view.js";

type ModelPoint = NonNullable<ParetoView["reference"]>;

/** The front as it is kept: plans that no other beats, over all completed trials and sparsities, smallest first. */
export async function readPareto(database: Database, jobId: JobId): Promise<ParetoView> {
  const { dense: found } = await readJobRow(database, jobId);
  const points = await database.$queryRaw<ParetoView["points"]>`
    SELECT parameters, perplexity AS scoring_perplexity, trial_number, sparsity, achieved_sparsity
    FROM front_results WHERE job_id = ${jobId} ORDER BY parameters`;
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
