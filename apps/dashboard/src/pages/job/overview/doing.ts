import type { Job } from "@espalier/client";
import { formatCount, formatDuration } from "@espalier/contracts";

const units: Record<Job["progress"]["unit"], string> = {
  megabytes: "MB downloaded",
  samples: "calibration windows profiled",
  baselines: "baselines scored",
  trials: "trials",
  steps: "training steps",
};

/** What the job does now and how far it is, in a line: "43 of 100 trials". */
export function doingNow({ state, progress: { stage, done, of, unit } }: Job): string {
  if (state === "queued") return "Waiting for a worker to take it";
  if (stage === "exporting") return "Measuring the winners on the report text, then writing and verifying files";
  if (of === 0) return "Starting";
  return `${formatCount(done)} of ${formatCount(of)} ${units[unit]}`;
}

/** "about 4 min 05 s left", or why nobody knows yet; null where nothing is left. */
export function timeLeft({ state, progress: { eta_seconds: left } }: Job): string | null {
  if (state !== "profiling" && state !== "searching" && state !== "exporting") return null;
  return left === null ? "time left not known yet" : `about ${formatDuration(left)} left`;
}
