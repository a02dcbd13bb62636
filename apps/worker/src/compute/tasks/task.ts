import type { FinishedPiece, StageProgress } from "@espalier/pipeline";
import type { JobContexts } from "../job-contexts.js";
import type { ComputeSettings } from "../messages.js";

/** What every task of a child is given. */
export interface TaskContext {
  readonly contexts: JobContexts;
  readonly settings: ComputeSettings;
  readonly signal: AbortSignal;
  /** Brings statistics that another machine keeps to this one, if there are any. */
  readonly fetchStatistics: (key: string) => Promise<void>;
  readonly report: (progress: StageProgress) => void;
  /** Tells how long a part of the task took. */
  readonly measured: (piece: FinishedPiece) => void;
}

/** Seconds since `start` of `performance.now()`. */
export const secondsSince = (start: number): number => (performance.now() - start) / 1000;
