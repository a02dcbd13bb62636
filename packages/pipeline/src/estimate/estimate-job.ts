import type { CreateJobBody, JobEstimate, JobSpec } from "@espalier/contracts";
import type { JobCost, MeasuredDevice, MeasurementStore } from "../ports/measurements.js";
import type { JobStore } from "../ports/stores.js";
import { readEarlierSearch } from "../warm-start.js";
import { hull, type Interval } from "./interval.js";
import { type JobSeconds, jobSeconds } from "./job-seconds.js";

export interface EstimateJobDeps {
  /** The checks of a submit, and what the job costs. */
  readonly inspect: (body: CreateJobBody) => Promise<{ readonly spec: JobSpec; readonly cost: JobCost }>;
  readonly jobs: Pick<JobStore, "earlierSearch">;
  readonly measurements: Pick<MeasurementStore, "devices" | "hasStatistics">;
}

const NO_WORKER = "No worker has been seen yet. Start one; it measures itself when it has nothing to do.";
const NOT_MEASURED = "No worker has measured itself yet. A worker does so within a minute of having nothing to do.";

/** What a job would cost, with no side effects: refused like a submit, then counted, then timed by what workers measured. */
export function makeEstimateJob({ inspect, jobs, measurements }: EstimateJobDeps) {
  return async function estimateJob(body: CreateJobBody): Promise<JobEstimate> {
    const { warm_start } = body.search;
    if (warm_start !== undefined) await readEarlierSearch(jobs, warm_start, 1);
    const { spec, cost } = await inspect(body);
    const devices = await measurements.devices();
    const hasStatistics = await measurements.hasStatistics(spec);
    const timed = devices.map((device) => ({ device, seconds: jobSeconds(device, spec, cost, hasStatistics) }));
    const known = timed.flatMap(({ seconds }) => (seconds === undefined ? [] : [seconds]));
    const span = (step: keyof JobSeconds): Interval | null =>
      known.length === 0 ? null : hull(known.map((seconds) => seconds[step]));
    const stepOf = (step: "profile" | "baselines" | "trial" | "refinement" | "export") => ({
      operations: cost[step],
      seconds: span(step),
    });
    return {
      duration_seconds: span("total"),
      reason: known.length > 0 ? null : devices.length === 0 ? NO_WORKER : NOT_MEASURED,
      profile: stepOf("profile"),
      baselines: stepOf("baselines"),
      trial: stepOf("trial"),
      refinement: stepOf("refinement"),
      search_seconds: span("search"),
      export: stepOf("export"),
      trials: { budget: spec.search.trials, ...cost.trials, parallelism: spec.search.parallelism },
      memory: {
        need_bytes: cost.memoryBytes,
        have_bytes: devices.length === 0 ? null : Math.max(...devices.map(({ memoryBytes }) => memoryBytes)),
      },
      based_on: timed.map(({ device, seconds }) => basisOf(device, seconds, cost.scale)),
    };
  };
}

function basisOf(
  device: MeasuredDevice,
  seconds: JobSeconds | undefined,
  scale: number,
): JobEstimate["based_on"][number] {
  const { machine, provider, threads, concurrency, versions, rates, finished } = device;
  const exports = finished.filter(({ step }) => step === "export");
  const [nearest] = exports
    .map((work) => work.scale / scale)
    .sort((a, b) => Math.abs(Math.log(a)) - Math.abs(Math.log(b)));
  return {
    machine,
    provider,
    threads,
    concurrency,
    versions,
    rates: rates.length,
    finished_jobs: exports.length,
    nearest_scale: nearest ?? null,
    duration_seconds: seconds?.total ?? null,
  };
}
