import { MAX_FAILURES } from "./defaults.js";
import type { Classified } from "./failure.js";
import type { GiveBack } from "./ports/stores.js";

/** What comes of work that failed: it is given back, its job pauses until somebody makes room, or it is over. */
export type AfterFailure =
  | { readonly kind: "give back"; readonly reason: GiveBack }
  | { readonly kind: "pause" | "end" };

/** The work's failures before this one, and how its job runs. */
interface Attempt {
  readonly failures: number;
  readonly job: { readonly halfBatch: boolean };
}

/**
 * Decides after a failure. Work that ran out of memory is tried once more, with half as many windows a run; on a full disk
 * trying again would fill it again; a service that is away is no fault of the work.
 */
export function afterFailure({ failures, job }: Attempt, { code, retryable }: Classified): AfterFailure {
  if (code === "STORAGE_FULL") return { kind: "pause" };
  if (code === "SERVICE_UNAVAILABLE") return { kind: "give back", reason: "stopped" };
  if (!retryable || failures + 1 >= MAX_FAILURES) return { kind: "end" };
  if (code !== "COMPUTE_OUT_OF_MEMORY") return { kind: "give back", reason: "failed" };
  return job.halfBatch && failures > 0 ? { kind: "end" } : { kind: "give back", reason: "out_of_memory" };
}
