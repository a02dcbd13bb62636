import { formatDuration, type JobEstimate } from "@espalier/contracts";

type Seconds = JobEstimate["duration_seconds"];
type Operations = JobEstimate["trial"]["operations"];

const between = (seconds: Seconds): string =>
  seconds === null ? "–" : `${formatDuration(seconds.low)} to ${formatDuration(seconds.high)}`;

/** 3.2 G: operations in thousands of millions, to two digits. */
function amount({ forward, gradients, algebra }: Operations): string {
  const billions = (forward + gradients + algebra) / 1e9;
  return `${billions >= 100 ? Math.round(billions) : Number(billions.toPrecision(2))} G`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;

/** What a job would cost, for people: a line a step, memory, the whole, and what it is based on. */
export function estimateText(estimate: JobEstimate): string {
  const { trials, memory } = estimate;
  const steps = [
    ["profile", estimate.profile, ""],
    ["baselines", estimate.baselines, ""],
    ["a trial", estimate.trial, ` × ${trials.sampled}`],
    ["a refined trial", estimate.refinement, ` × ${trials.refined}`],
    ["export", estimate.export, ""],
  ] as const;
  const lines = steps.map(
    ([name, { operations, seconds }, times]) =>
      `${name.padEnd(16)}${amount(operations).padStart(8)}   ${between(seconds)}${times}`,
  );
  const have = memory.have_bytes === null ? "" : `, ${megabytes(memory.have_bytes)} allowed`;
  return [
    ...lines,
    `memory          ${megabytes(memory.need_bytes)} needed${have}`,
    `in all          ${estimate.reason ?? between(estimate.duration_seconds)}`,
    ...estimate.based_on.map(basisLine),
  ].join("\n");
}

function basisLine({ machine, provider, threads, finished_jobs, nearest_scale }: JobEstimate["based_on"][number]) {
  const jobs = finished_jobs === 1 ? "1 finished job" : `${finished_jobs} finished jobs`;
  const nearest =
    nearest_scale === null ? "" : `, the most similar model ${nearest_scale.toPrecision(2)} times as large`;
  return `from            ${machine}, ${provider}, ${threads} thread${threads === 1 ? "" : "s"}: ${jobs}${nearest}`;
}
