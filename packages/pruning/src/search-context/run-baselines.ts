import type { EvaluatedModel, JobSpec } from "@espalier/contracts";
import type { CompensationName } from "../compensation/index.js";
import { BASELINE_LAMBDA } from "../space/index.js";
import { baselinePlan, naturalAllocations, standardBaselines } from "./baseline-plan.js";
import type { BaselineScore } from "./baseline-score.js";
import { compensatePlan } from "./compensated-weights.js";
import type { BaselineOutcome, StepOptions } from "./context.js";
import { baselineName, planSize } from "./evaluated.js";
import type { JobContext } from "./job-context.js";
import type { MetricName } from "./materials.js";
import { givenPoints, startingPoints } from "./starting-points.js";

/** Compensations of the baselines: none, and the job's own, so that a search is compared with its like. */
function baselineCompensations(compensation: JobSpec["compensation"]): CompensationName[] {
  if (compensation === "none") return ["none"];
  return ["none", compensation === "search" ? "least_squares" : compensation];
}

/** Scores every single metric with every natural allocation and compensation, and keeps the best allocation of each. */
export async function runBaselines(job: JobContext, step: StepOptions = {}): Promise<BaselineOutcome> {
  const metrics = [
    ...new Set<MetricName>([
      ...standardBaselines(job.materials.shape),
      ...((job.spec.search.metrics ?? []) as MetricName[]),
    ]),
  ];
  const allocations = naturalAllocations(job.spec.target);
  const compensations = baselineCompensations(job.spec.compensation);
  const { sparsity: sparsities } = job.spec.target;
  const of = metrics.length * allocations.length * compensations.length * sparsities.length;
  const scores: BaselineScore[] = [];
  for (const sparsity of sparsities) {
    for (const metric of metrics) {
      for (const allocation of allocations) {
        for (const compensation of compensations) {
          scores.push(await scoreBaseline(job, { metric, allocation, compensation, sparsity }, step));
          step.onProgress?.({ stage: "baselines", done: scores.length, of });
        }
      }
    }
  }
  const given = await givenPoints(job, scores);
  return { evaluated: bestAllocations(scores), given, starts: startingPoints(job.space, given) };
}

async function scoreBaseline(
  { spec, materials, scorer }: JobContext,
  baseline: Pick<BaselineScore, "metric" | "allocation" | "compensation" | "sparsity">,
  step: StepOptions,
): Promise<BaselineScore> {
  const { metric, allocation, compensation, sparsity } = baseline;
  const plan = await baselinePlan(materials, metric, allocation, sparsity, spec.target.round_to);
  const { weights, biases } = compensatePlan(materials, plan, { compensation, lambda: BASELINE_LAMBDA });
  const { objective, perplexity } = await scorer.score({ plan, weights, biases }, { signal: step.signal });
  const evaluated: EvaluatedModel = {
    name: baselineName(metric, compensation),
    ...planSize(materials.shape, plan, sparsity),
    scoring_perplexity: perplexity,
    report_perplexity: null,
    compensation,
    allocation,
    trial_number: null,
  };
  return { ...baseline, objective, evaluated };
}

/** The allocation with the lowest loss of each metric, compensation and sparsity; the first one in a tie. */
function bestAllocations(scores: readonly BaselineScore[]): EvaluatedModel[] {
  const best = new Map<string, BaselineScore>();
  for (const score of scores) {
    const key = `${score.sparsity} ${score.evaluated.name}`;
    const before = best.get(key);
    if (before === undefined || lossOf(score) < lossOf(before)) best.set(key, score);
  }
  return [...best.values()].map(({ evaluated }) => evaluated);
}

/** Loss for ranking: what is not finite comes last. */
const lossOf = ({ objective }: Pick<BaselineScore, "objective">): number => objective ?? Number.POSITIVE_INFINITY;
