import type { DecoderShape, JobSpec } from "@espalier/contracts";
import { isRefined, type Params } from "@espalier/search";
import { jobNeed, type ProfileMode } from "../execution/profile-plan.js";
import { naturalAllocations, standardBaselines } from "../search-context/baseline-plan.js";
import {
  eliminationOperations,
  forwardOperations,
  inverseOperations,
  type Operations,
  repairOperations,
  shrunk,
  statisticsOperations,
  sumOperations,
} from "./operations.js";
import { recoveryOperations } from "./recovery-operations.js";

/** Operations of each step of a job, counted from the shape and the job; nothing here knows how fast a machine is. */
export interface JobCost {
  /** Operations of a forward pass of the dense model per token: how large the model is, for comparing jobs. */
  readonly scale: number;
  readonly profile: Operations;
  /** Dense model and single metrics on the scoring text. */
  readonly baselines: Operations;
  /** One trial of the sampler that reads all of the scoring text. */
  readonly trial: Operations;
  /** One refined trial: beside the trial, gradients on the calibration text. */
  readonly refinement: Operations;
  readonly export: Operations;
  /** Trials of the sampler, and those that refine. */
  readonly trials: { readonly sampled: number; readonly refined: number };
  /** Bytes that the job needs at least: of its profile, block by block where that is less, and of its search. */
  readonly memoryBytes: number;
}

/** Counts what a job costs, its statistics computed in the given mode. */
export function jobCost(shape: DecoderShape, spec: JobSpec, mode: ProfileMode = "auto"): JobCost {
  const { calibration, search } = spec;
  const calibrationTokens = tokensOf(calibration);
  const gradients = 3 * forwardOperations(shape, calibration.sequence_length, calibrationTokens);
  const trial = trialOperations(shape, spec);
  const refined = Math.round(search.refinement * search.trials);
  return {
    scale: forwardOperations(shape, calibration.sequence_length, 1),
    profile: {
      forward: forwardOperations(shape, calibration.sequence_length, calibrationTokens),
      gradients: statisticsOperations(shape, calibration.sequence_length, calibrationTokens),
      algebra: 0,
    },
    baselines: baselineOperations(shape, spec),
    trial,
    refinement: { ...trial, gradients },
    export: exportOperations(shape, spec),
    trials: { sampled: search.trials - refined, refined },
    memoryBytes: jobNeed({ shape, sequenceLength: calibration.sequence_length, weightGradients: true }, mode),
  };
}

/** What of `JobCost` a trial is. */
export const kindOfTrial = (params: Params): "trial" | "refinement" => (isRefined(params) ? "refinement" : "trial");

const tokensOf = (split: { readonly windows: number; readonly sequence_length: number }): number =>
  split.windows * split.sequence_length;

/** A forward pass over every scoring text. */
const scoringOperations = (shape: DecoderShape, { scoring }: JobSpec): number =>
  scoring.reduce((sum, split) => sum + forwardOperations(shape, split.sequence_length, tokensOf(split)), 0);

function trialOperations(shape: DecoderShape, spec: JobSpec): Operations {
  const repairs = spec.compensation === "none" ? 0 : 1;
  return sumOperations(
    spec.target.sparsity.map((sparsity) => [
      1,
      {
        forward: scoringOperations(shrunk(shape, sparsity), spec),
        algebra: repairs * repairOperations(shape, sparsity),
      },
    ]),
  );
}

/** How many single metrics a job evaluates, and with how many compensations each. */
function baselineCounts(shape: DecoderShape, { baselines, compensation, search }: JobSpec) {
  const metrics = new Set<string>([...standardBaselines(shape), ...(search.metrics ?? [])]).size;
  return { metrics: baselines ? metrics : 0, compensations: compensation === "none" ? 1 : 2 };
}

function baselineOperations(shape: DecoderShape, spec: JobSpec): Operations {
  const { metrics, compensations } = baselineCounts(shape, spec);
  const plans = metrics * naturalAllocations(spec.target).length;
  const each = spec.target.sparsity.map(
    (sparsity) =>
      [
        plans,
        {
          forward: compensations * scoringOperations(shrunk(shape, sparsity), spec),
          algebra: (compensations - 1) * repairOperations(shape, sparsity),
        },
      ] as const,
  );
  // Metrics that know of repairs order all inputs once each, from the inverse that later refits share.
  const orders = { algebra: inverseOperations(shape) + 2 * eliminationOperations(shape) };
  return sumOperations([[1, { forward: scoringOperations(shape, spec) }], ...each, [1, orders]]);
}

/** Characters of a token, about, and by how much padding lengthens rows. */
const [CHARACTERS_PER_TOKEN, PADDED] = [4, 1.15];

/** One model on all zero-shot tasks. */
function taskOperations(shape: DecoderShape, { evaluation_tasks: tasks = [] }: JobSpec): number {
  return tasks.reduce((sum, { choices, characters }) => {
    const tokens = (PADDED * characters) / CHARACTERS_PER_TOKEN;
    return sum + forwardOperations(shape, tokens / choices, tokens);
  }, 0);
}

/** Recovery of the winners; dense model and winners in zero-shot tasks; dense model, baselines and winners on the report text; each winner scored again, masked, and verified in every profile. */
function exportOperations(shape: DecoderShape, spec: JobSpec): Operations {
  const { report, target } = spec;
  const on = (model: DecoderShape): number => forwardOperations(model, report.sequence_length, tokensOf(report));
  const { metrics, compensations } = baselineCounts(shape, spec);
  const profiles = spec.export.profiles.length;
  const tasks = (model: DecoderShape): number => taskOperations(model, spec);
  return sumOperations([
    [1, { forward: on(shape) + tasks(shape) }],
    ...target.sparsity.map((sparsity) => [1, recoveryOperations(shape, spec, sparsity)] as const),
    ...target.sparsity.map(
      (sparsity) =>
        [
          1,
          {
            forward:
              (metrics * compensations + 1 + profiles) * on(shrunk(shape, sparsity)) +
              on(shape) +
              tasks(shrunk(shape, sparsity)) +
              scoringOperations(shrunk(shape, sparsity), spec),
            algebra: (metrics * (compensations - 1) + 1) * repairOperations(shape, sparsity),
          },
        ] as const,
    ),
  ]);
}
