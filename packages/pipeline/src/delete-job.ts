import type { JobId } from "@espalier/contracts";
import { jobNotFound, stateConflict } from "./job-conflict.js";
import type { JobControl } from "./ports/job-control.js";

/** Deletes a job that has ended: it is gone at once, what it left is removed step by step. An open job is a conflict. */
export function makeDeleteJob({ jobs }: { readonly jobs: Pick<JobControl, "delete"> }) {
  return async function deleteJob(id: JobId): Promise<void> {
    const asked = await jobs.delete(id);
    if (asked === undefined) throw jobNotFound(id);
    if (asked.kind === "refused") throw stateConflict(id, asked.state, "be deleted: cancel it first.");
  };
}
