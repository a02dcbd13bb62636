import { isTerminal, type JobSpec, type Progress } from "@espalier/contracts";
import type { JobRow } from "./job-columns.js";

/**
 * Share of the whole job that is done when a stage begins. Searching is most of a job; the shares only have to grow, the
 * time left is measured.
 */
const SHARE_AT = {
  queued: 0,
  downloading: 0,
  profiling: 0,
  baselines: 0.1,
  searching: 0.2,
  recovering: 0.95,
  exporting: 0.98,
  done: 1,
} as const;

/** A profile's sample costs a forward and a backward pass, about three forward passes; a trial's window costs one. */
const PASSES_PER_SAMPLE = 3;

/** How far a job is. The time left is null until two measurements are there; it follows rows alone, not the clock. */
export function progressOf(job: JobRow): Progress {
  const position = positionOf(job);
  const { stage, done, of } = position;
  const ends = {
    queued: 0,
    downloading: 0,
    profiling: 0.1,
    baselines: 0.2,
    searching: 0.95,
    recovering: 0.98,
    exporting: 1,
    done: 1,
  }[stage];
  const within = of === 0 ? 0 : Math.min(1, done / of);
  const fraction = SHARE_AT[stage] + (ends - SHARE_AT[stage]) * within;
  return { ...position, fraction, eta_seconds: etaOf(job) };
}

type Position = Pick<Progress, "stage" | "done" | "of" | "unit">;

const EXPORT_BEGINS: Position = { stage: "exporting", done: 0, of: 1, unit: "steps" };

const settledOf = (job: JobRow): number => job.completed + job.pruned + job.failed + job.infeasible;

function positionOf(job: JobRow): Position {
  const trials = { done: settledOf(job), of: job.trialBudget, unit: "trials" } as const;
  const reported = reportedPosition(job);
  switch (job.state) {
    case "queued":
      return { stage: "queued", done: 0, of: job.spec.calibration.windows, unit: "samples" };
    case "profiling":
      return reported ?? profileBegins(job);
    case "searching":
      return { stage: "searching", ...trials };
    case "paused":
      return pausedPosition(job) ?? { stage: "searching", ...trials };
    case "exporting":
      return reported ?? EXPORT_BEGINS;
    case "succeeded":
    case "failed":
    case "cancelled":
      return { stage: "done", ...trials };
    default:
      return job.state satisfies never;
  }
}

function profileBegins(job: JobRow): Position {
  return { stage: "profiling", done: 0, of: job.spec.calibration.windows, unit: "samples" };
}

/** A stage that pauses begins anew, but what a profile has done is kept on disk. */
function pausedPosition(job: JobRow): Position | undefined {
  if (job.pausedFrom === "exporting") return EXPORT_BEGINS;
  return job.pausedFrom === "profiling" ? (reportedPosition(job) ?? profileBegins(job)) : undefined;
}

function reportedPosition(job: JobRow): Position | undefined {
  const { progressStage: stage, progressDone: done, progressOf: of, progressUnit: unit } = job;
  return stage === null || unit === null ? undefined : { stage, done: Math.min(done, of), of, unit };
}

function etaOf(job: JobRow): number | null {
  if (isTerminal(job.state)) return 0;
  const stageLeft = secondsLeftOfStage(job);
  switch (job.state) {
    case "profiling": {
      if (stageLeft === null) return null;
      const search = predictedSearchSeconds(job);
      return search === null ? null : stageLeft + search;
    }
    case "searching":
      return searchSecondsLeft(job);
    case "exporting":
      return stageLeft;
    default:
      return null;
  }
}

/** Seconds per unit of work, from the first and the latest report of the running stage. */
function secondsPerUnit(job: JobRow): number | null {
  const { progressAt, progressFirstAt, progressDone, progressFirstDone } = job;
  if (!progressAt || !progressFirstAt || progressDone <= progressFirstDone) return null;
  return (progressAt.getTime() - progressFirstAt.getTime()) / 1000 / (progressDone - progressFirstDone);
}

function secondsLeftOfStage(job: JobRow): number | null {
  const pace = secondsPerUnit(job);
  return pace === null ? null : pace * Math.max(0, job.progressOf - job.progressDone);
}

const tokensOf = (split: JobSpec["report"]): number => split.windows * split.sequence_length;

/** Before the first trial: what a trial will take, from what a sample of the profile took. */
function predictedSearchSeconds(job: JobRow): number | null {
  const pace = secondsPerUnit(job);
  if (pace === null || job.progressUnit !== "samples") return null;
  const { calibration, scoring } = job.spec;
  const secondsPerToken = pace / calibration.sequence_length / PASSES_PER_SAMPLE;
  const scoringTokens = scoring.reduce((sum, split) => sum + tokensOf(split), 0);
  const trialSeconds = secondsPerToken * scoringTokens * job.spec.target.sparsity.length;
  return (trialSeconds * job.trialBudget) / job.parallelism;
}

const MIN_MEASURED_TRIALS = 2;

function searchSecondsLeft(job: JobRow): number | null {
  if (job.trialsTimed < MIN_MEASURED_TRIALS) return null;
  const remaining = job.trialBudget - settledOf(job);
  return ((job.trialSeconds / job.trialsTimed) * remaining) / Math.min(job.parallelism, Math.max(1, remaining));
}
