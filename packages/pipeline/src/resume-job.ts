import type { JobId } from "@espalier/contracts";
import { jobNotFound, stateConflict } from "./job-conflict.js";
import type { JobControl } from "./ports/job-control.js";
import type { QueuePort } from "./ports/stores.js";

export interface ResumeJobDeps {
  readonly jobs: Pick<JobControl, "resume">;
  readonly queue: QueuePort;
}

/**
 * Lets a paused job go on where it was. A job that runs already is fine, one that has ended or not begun is a conflict.
 * Enqueueing may fail: the rows are there, and reconciliation delivers them.
 */
export function makeResumeJob({ jobs, queue }: ResumeJobDeps) {
  return async function resumeJob(id: JobId): Promise<void> {
    const asked = await jobs.resume(id);
    if (asked === undefined) throw jobNotFound(id);
    if (asked.kind === "refused") {
      if (asked.state === "profiling" || asked.state === "searching" || asked.state === "exporting") return;
      throw stateConflict(id, asked.state, "be resumed: it is not paused.");
    }
    const messages = asked.trials.map((number) => queue.enqueue("trial", { job_id: id, number }));
    if (asked.profile) messages.push(queue.enqueue("profile", { job_id: id }));
    if (asked.export) messages.push(queue.enqueue("export", { job_id: id }));
    await Promise.allSettled(messages);
  };
}
