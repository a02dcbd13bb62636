import { AppError, type JobId } from "@espalier/contracts";
import { jobNotFound, stateConflict } from "./job-conflict.js";
import type { JobControl } from "./ports/job-control.js";
import type { QueuePort } from "./ports/stores.js";

export interface FinishJobDeps {
  readonly jobs: Pick<JobControl, "finish">;
  readonly queue: QueuePort;
}

/**
 * Ends a search, running or paused, and has the best so far exported; trials in hand are dropped. Once the search is over
 * asking again is fine. Throws JOB_WITHOUT_RESULT while no trial has completed.
 */
export function makeFinishJob({ jobs, queue }: FinishJobDeps) {
  return async function finishJob(id: JobId): Promise<void> {
    const asked = await jobs.finish(id);
    if (asked === undefined) throw jobNotFound(id);
    if (asked.kind === "done") return queue.enqueue("export", { job_id: id }).catch(() => undefined);
    const { state } = asked;
    if (state === "exporting" || state === "succeeded") return;
    if (state === "searching" || state === "paused") {
      throw new AppError(
        "JOB_WITHOUT_RESULT",
        `No trial of job '${id}' has completed yet, so there is nothing to export. Wait for the first, or cancel the job.`,
      );
    }
    throw stateConflict(id, state, "be finished: only a search can, once a trial has completed.");
  };
}
