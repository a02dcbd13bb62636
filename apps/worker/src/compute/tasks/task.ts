import type { StageProgress } from "@espalier/pipeline";
import type { JobContexts } from "../job-contexts.js";
import type { ComputeSettings } from "../messages.js";

/** What every task of a child is given. */
export interface TaskContext {
  readonly contexts: JobContexts;
  readonly settings: ComputeSettings;
  readonly signal: AbortSignal;
  readonly report: (progress: StageProgress) => void;
}

/** Seconds since `start` of `performance.now()`. */
export const secondsSince = (start: number): number => (performance.now() - start) / 1000;
