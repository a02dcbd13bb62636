import { resolve } from "node:path";
import type { Job } from "@espalier/client";
import { type ComparisonView, type ModelSource, modelName, type TrialView } from "@espalier/contracts";

/** The document of `espalier prune --json`. Only `job_id`, `artifact_path` and `timing` differ between equal runs. */
export function pruneResult(job: Job, comparison: ComparisonView, trials: readonly TrialView[], out: string) {
  return {
    job_id: job.id,
    model: modelName(job.spec["model"] as ModelSource),
    seed: (job.spec["search"] as { seed: number }).seed,
    dense: comparison.dense,
    baselines: comparison.baselines,
    best: comparison.best,
    improvement: comparison.improvement,
    contamination: comparison.contamination,
    trials: job.trials.completed + job.trials.pruned + job.trials.infeasible + job.trials.failed,
    trial_log: trials.map(({ number, state, origin, params, score, results }) => ({
      number,
      state,
      origin,
      score,
      params,
      results,
    })),
    artifact_path: resolve(out),
    timing: job.timing,
  };
}
