import type { EvaluatedModel, JobSpec } from "@espalier/contracts";
import type { BestTrial, JobRow } from "./job-columns.js";

/** Best plan per sparsity: with the report split's numbers once the job succeeded, before that from the trials. */
export function bestOf(job: JobRow): EvaluatedModel[] {
  if (job.best.length > 0) return [...job.best];
  return job.bestTrials.map((trial) => evaluatedTrial(trial, job.spec));
}

function evaluatedTrial({ number, params, result }: BestTrial, spec: JobSpec): EvaluatedModel {
  return {
    name: `trial ${number}`,
    sparsity: result.sparsity,
    achieved_sparsity: result.achieved_sparsity,
    parameters: result.parameters,
    scoring_perplexity: result.scoring_perplexity,
    report_perplexity: null,
    compensation: compensationOf(params["compensation"], spec),
    allocation: typeof params["allocation"] === "string" ? params["allocation"] : null,
    trial_number: number,
  };
}

function compensationOf(searched: unknown, spec: JobSpec): EvaluatedModel["compensation"] {
  const kinds = ["none", "bias", "least_squares"] as const;
  return kinds.find((kind) => kind === searched) ?? kinds.find((kind) => kind === spec.compensation) ?? "none";
}

/** Best baseline per sparsity on the scoring text, by sparsity; of equal ones the first. */
export function bestBaselines(baselines: readonly EvaluatedModel[]): EvaluatedModel[] {
  const best = new Map<number, EvaluatedModel>();
  for (const model of baselines) {
    const current = best.get(model.sparsity);
    if (!current || perplexity(model) < perplexity(current)) best.set(model.sparsity, model);
  }
  return [...best.values()].sort((a, b) => a.sparsity - b.sparsity);
}

const perplexity = (model: EvaluatedModel): number => model.scoring_perplexity ?? Number.POSITIVE_INFINITY;
