import { z } from "zod";

export const jobStates = [
  "queued",
  "profiling",
  "searching",
  "paused",
  "exporting",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export const jobState = z.enum(jobStates).describe("Where the job is; terminal states never change");
export type JobState = z.infer<typeof jobState>;

/** Every move a job may make; what is not listed is refused. */
export const jobTransitions = {
  queued: ["profiling", "failed", "cancelled"],
  // Work that finds the disk full pauses its job.
  profiling: ["paused", "searching", "failed", "cancelled"],
  searching: ["paused", "exporting", "failed", "cancelled"],
  paused: ["profiling", "searching", "exporting", "failed", "cancelled"],
  exporting: ["paused", "succeeded", "failed", "cancelled"],
  succeeded: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<JobState, readonly JobState[]>;

export const isTerminal = (state: JobState): boolean => jobTransitions[state].length === 0;

/** States from which `to` can be reached in one move: the `where` of a compare-and-set. */
export function statesBefore(to: JobState): readonly JobState[] {
  return jobStates.filter((from) => (jobTransitions[from] as readonly JobState[]).includes(to));
}
