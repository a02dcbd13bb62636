import type { JobId } from "@espalier/contracts";
import { jobNotFound, stateConflict } from "./job-conflict.js";
import type { JobControl } from "./ports/job-control.js";

/**
 * Pauses a search: nothing new begins, what runs may still settle, and its time limits stand still.
 * Pausing a paused job is fine; any other state is a conflict.
 */
export function makePauseJob({ jobs }: { readonly jobs: Pick<JobControl, "pause"> }) {
  return async function pauseJob(id: JobId): Promise<void> {
    const asked = await jobs.pause(id);
    if (asked === undefined) throw jobNotFound(id);
    if (asked.kind === "done" || asked.state === "paused") return;
    throw stateConflict(id, asked.state, "be paused: only a search can, from its first trial to its last.");
  };
}
