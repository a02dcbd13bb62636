import { AppError, type JobId } from "@espalier/contracts";
import type { JobStore } from "./ports/stores.js";

/**
 * Cancels a job at once; workers notice at their next heartbeat and drop the work.
 * Cancelling a cancelled job is fine; a job that ended otherwise is a conflict.
 */
export function makeCancelJob({ jobs }: { readonly jobs: Pick<JobStore, "cancel" | "get"> }) {
  return async function cancelJob(id: JobId): Promise<void> {
    if (await jobs.cancel(id)) return;
    const job = await jobs.get(id);
    if (job === undefined) throw new AppError("JOB_NOT_FOUND", `No job '${id}'. List jobs with GET /v1/jobs.`);
    if (job.state === "cancelled") return;
    throw new AppError("JOB_STATE_CONFLICT", `Job '${id}' is ${job.state} already and cannot be cancelled.`);
  };
}
