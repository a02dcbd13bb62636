import type { JobId } from "@espalier/contracts";
import { jobNotFound, stateConflict } from "./job-conflict.js";
import type { JobStore } from "./ports/stores.js";

/**
 * Cancels a job at once; workers notice at their next heartbeat and drop the work.
 * Cancelling a cancelled job is fine; a job that ended otherwise is a conflict.
 */
export function makeCancelJob({ jobs }: { readonly jobs: Pick<JobStore, "cancel" | "get"> }) {
  return async function cancelJob(id: JobId): Promise<void> {
    if (await jobs.cancel(id)) return;
    const job = await jobs.get(id);
    if (job === undefined) throw jobNotFound(id);
    if (job.state === "cancelled") return;
    throw stateConflict(id, job.state, "be cancelled any more.");
  };
}
