import type { EvaluatedModel, Improvement, ModelDifference, TaskResult } from "@espalier/contracts";
import { streamRng } from "@espalier/search";
import type { AllocationName } from "../allocation/index.js";
import { bootstrapInterval, relativeImprovement } from "../evaluation/bootstrap.js";
import type { Candidate } from "../scoring/candidate.js";
import { openScorer, type Scorer, type ScoringResult } from "../scoring/scorer.js";
import { BASELINE_LAMBDA } from "../space/index.js";
import { densePlan } from "../units/index.js";
import { baselinePlan } from "./baseline-plan.js";
import { compensatePlan } from "./compensated-weights.js";
import type { ReportOutcome, StepOptions, Winner } from "./context.js";
import { metricOfBaseline, planSize } from "./evaluated.js";
import type { JobContext } from "./job-context.js";
import type { EvaluationOptions, JobEvaluation } from "./job-evaluation.js";
import type { MetricName } from "./materials.js";
import { trialPlanner } from "./trial-plan.js";

/** Seed of the bootstrap: fixed, so that a report can be repeated. */
const BOOTSTRAP_SEED = 0;

interface Measured {
  readonly model: EvaluatedModel;
  readonly losses: Float64Array;
}

/** Measures the dense model, baselines and winners on the report split, and all but the baselines in zero-shot tasks. */
export async function runReport(
  job: JobContext,
  dense: EvaluatedModel,
  winners: readonly Winner[],
  baselines: readonly EvaluatedModel[],
  step: StepOptions = {},
): Promise<ReportOutcome> {
  const scorer = await openScorer(job.reportPool, [{ windows: await job.reportWindows(), weight: 1 }]);
  const evaluation = await job.openEvaluation();
  try {
    return await measureAll(job, dense, winners, baselines, step, { scorer, evaluation });
  } finally {
    await evaluation?.close();
  }
}

interface Measuring {
  /** On the report split. */
  readonly scorer: Scorer;
  readonly evaluation: JobEvaluation | undefined;
}

async function measureAll(
  job: JobContext,
  dense: EvaluatedModel,
  winners: readonly Winner[],
  baselines: readonly EvaluatedModel[],
  step: StepOptions,
  { scorer, evaluation }: Measuring,
): Promise<ReportOutcome> {
  const steps = evaluation?.steps ?? 0;
  const of = (1 + winners.length) * (1 + steps) + baselines.length;
  let done = 0;
  const tell = (further: number): void => step.onProgress?.({ stage: "report", done: done + further, of });
  const measure = async (candidate: Candidate): Promise<ScoringResult> => {
    const result = await scorer.score(candidate, { signal: step.signal });
    done += 1;
    tell(0);
    return result;
  };
  const tasksOf = async (evaluate: (options: EvaluationOptions) => Promise<TaskResult[]> | undefined) => {
    const tasks = await evaluate({ signal: step.signal, onProgress: tell });
    done += steps;
    return tasks === undefined ? {} : { tasks };
  };
  const denseResult = await measure({ plan: densePlan(job.materials.shape) });
  const denseTasks = await tasksOf((options) => evaluation?.dense(options));
  const measuredBaselines: Measured[] = [];
  for (const model of baselines) {
    const { perplexity, windowLosses } = await measure(await baselineCandidate(job, model));
    measuredBaselines.push({ model: { ...model, report_perplexity: perplexity }, losses: windowLosses });
  }
  const best: Measured[] = [];
  for (const winner of winners) {
    const { candidate, model } = await winnerCandidate(job, winner, step);
    const { perplexity, windowLosses } = await measure(candidate);
    const tasks = await tasksOf((options) => evaluation?.of(candidate, options));
    best.push({ model: { ...model, report_perplexity: perplexity, ...tasks }, losses: windowLosses });
  }
  const measuredDense: Measured = {
    model: { ...dense, report_perplexity: denseResult.perplexity, ...denseTasks },
    losses: denseResult.windowLosses,
  };
  const differences = best.flatMap((found) => differencesOf([measuredDense, ...measuredBaselines], found, scorer));
  return {
    dense: measuredDense.model,
    baselines: measuredBaselines.map(({ model }) => model),
    best: best.map(({ model }) => model),
    improvement: best.flatMap(({ model }) => improvementOver(measuredBaselines, model, differences)),
    differences,
    windowLosses: best.map(({ losses }) => losses),
  };
}

async function baselineCandidate({ spec, materials }: JobContext, model: EvaluatedModel): Promise<Candidate> {
  const metric = metricOfBaseline(model.name) as MetricName; // a name that runBaselines gave
  const allocation = (model.allocation ?? "global") as AllocationName;
  const plan = await baselinePlan(materials, metric, allocation, model.sparsity, spec.target.round_to);
  const { weights, biases } = compensatePlan(materials, plan, {
    compensation: model.compensation,
    lambda: BASELINE_LAMBDA,
  });
  return { plan, weights, biases };
}

async function winnerCandidate(
  job: JobContext,
  winner: Winner,
  step: StepOptions,
): Promise<{ candidate: Candidate; model: EvaluatedModel }> {
  const { materials } = job;
  const { sparsity, params, trialNumber } = winner;
  const { settings, repair, plan: planAt } = await trialPlanner(job, params);
  const plan = await planAt(sparsity, step);
  const { weights, biases } = compensatePlan(repair, plan, settings);
  const candidate = { plan, weights, biases };
  const scoring =
    winner.scoringPerplexity === undefined
      ? (await job.scorer.score(candidate, { signal: step.signal })).perplexity
      : winner.scoringPerplexity;
  const model: EvaluatedModel = {
    name: `trial ${trialNumber}`,
    ...planSize(materials.shape, plan, sparsity),
    scoring_perplexity: scoring,
    report_perplexity: null,
    compensation: settings.compensation,
    allocation: "searched",
    trial_number: trialNumber,
  };
  return { candidate, model };
}

/** The found plan against the dense model and the baselines of its sparsity; models without a finite perplexity have no place. */
function differencesOf(others: readonly Measured[], found: Measured, scorer: Scorer): ModelDifference[] {
  const { sparsity, report_perplexity: perplexity } = found.model;
  if (perplexity === null) return [];
  return others
    .filter(({ model }) => model.report_perplexity !== null && (model.sparsity === sparsity || model.sparsity === 0))
    .map(({ model, losses }): ModelDifference => {
      const paired = { found: found.losses, baseline: losses, tokens: scorer.windowTokens };
      return {
        sparsity,
        model: model.name,
        relative: relativeImprovement(paired),
        interval: bootstrapInterval(paired, streamRng(BOOTSTRAP_SEED, 0)),
      };
    });
}

/** Against the baseline that turned out best on the report split: the hardest one to beat. */
function improvementOver(
  baselines: readonly Measured[],
  { sparsity }: EvaluatedModel,
  differences: readonly ModelDifference[],
): Improvement[] {
  const [rival] = baselines
    .filter(({ model }) => model.sparsity === sparsity && model.report_perplexity !== null)
    .sort((a, b) => Number(a.model.report_perplexity) - Number(b.model.report_perplexity));
  const known = differences.find((one) => one.sparsity === sparsity && one.model === rival?.model.name);
  if (known === undefined) return [];
  return [{ sparsity, baseline: known.model, relative: known.relative, interval: known.interval }];
}
