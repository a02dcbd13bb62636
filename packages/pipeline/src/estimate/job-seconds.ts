import type { JobSpec } from "@espalier/contracts";
import type { JobCost, MeasuredDevice } from "../ports/measurements.js";
import { type Interval, nothing, plus, times } from "./interval.js";
import { stepSeconds } from "./step-seconds.js";

/** Seconds of a job's steps on one kind of worker. */
export interface JobSeconds {
  readonly profile: Interval;
  readonly baselines: Interval;
  /** Of one trial of the sampler, and of one that refines. */
  readonly trial: Interval;
  readonly refinement: Interval;
  /** Of all trials, side by side, within the job's budget. */
  readonly search: Interval;
  readonly export: Interval;
  readonly total: Interval;
}

/**
 * How long a job would take workers of this kind, from the moment that one takes it; undefined where nothing is measured.
 * At best all trials that the job allows run side by side, at worst those of a single worker.
 */
export function jobSeconds(
  device: MeasuredDevice,
  spec: JobSpec,
  cost: JobCost,
  hasStatistics: boolean,
): JobSeconds | undefined {
  const raced = spec.search.racing;
  const of = (step: Parameters<typeof stepSeconds>[1], operations: JobCost["trial"]): Interval | undefined =>
    stepSeconds(device, step, cost.scale, operations);
  const profile = of("profile", cost.profile);
  const baselines = of("baselines", cost.baselines);
  const trial = of(raced ? "raced_trial" : "trial", cost.trial);
  const refinement = of(raced ? "raced_refinement" : "refinement", cost.refinement);
  const written = of("export", cost.export);
  if (!profile || !baselines || !trial || !refinement || !written) return undefined;
  const { sampled, refined } = cost.trials;
  const compute = plus(times(sampled, trial), refined > 0 ? times(refined, refinement) : nothing);
  const parallel = Math.min(spec.search.parallelism, spec.search.trials);
  const search = limited(spec, {
    low: compute.low / parallel,
    high: compute.high / Math.min(parallel, device.concurrency),
  });
  const read = hasStatistics ? { low: 0, high: profile.high } : profile;
  const total = plus(read, baselines, search, written);
  return { profile: read, baselines, trial, refinement, search, export: written, total };
}

/** A budget ends a search early; the trial that is then running is not counted. */
function limited({ budget, search }: JobSpec, { low, high }: Interval): Interval {
  const compute = budget.max_compute_seconds ?? Number.POSITIVE_INFINITY;
  const most = Math.min(budget.max_duration_seconds ?? Number.POSITIVE_INFINITY, compute);
  const atBest = Math.min(budget.max_duration_seconds ?? Number.POSITIVE_INFINITY, compute / search.parallelism);
  return { low: Math.min(low, atBest), high: Math.min(high, most) };
}
