import type { TrialResult } from "@espalier/contracts";
import type { Params } from "@espalier/search";
import { compensatePlan } from "./compensated-weights.js";
import type { StepOptions, TrialOutcome } from "./context.js";
import { trialResult } from "./evaluated.js";
import type { JobContext } from "./job-context.js";
import { trialPlanner } from "./trial-plan.js";

/** Scores a point at every sparsity of the job: recombine, plan, compensate, one forward pass. */
export async function scoreTrial(job: JobContext, params: Params, step: StepOptions = {}): Promise<TrialOutcome> {
  const { spec, materials, scorer } = job;
  const { settings, plan: planAt } = await trialPlanner(job, params);
  const results: TrialResult[] = [];
  const windowLosses: Float64Array[] = [];
  const { sparsity: sparsities } = spec.target;
  let total = 0;
  for (const [s, sparsity] of sparsities.entries()) {
    const plan = await planAt(sparsity, step);
    const { weights, biases } = compensatePlan(materials, plan, settings);
    const scored = await scorer.score(
      { plan, weights, biases },
      {
        signal: step.signal,
        onProgress: (done, of) =>
          step.onProgress?.({ stage: "score", done: s * of + done, of: sparsities.length * of }),
      },
    );
    results.push(trialResult(materials.shape, plan, sparsity, scored.perplexity));
    windowLosses.push(scored.windowLosses);
    if (scored.objective === null) {
      return { score: null, results, windowLosses, reason: `at sparsity ${sparsity}: ${scored.reason}` };
    }
    total += scored.objective;
  }
  return { score: total / sparsities.length, results, windowLosses, reason: null };
}
