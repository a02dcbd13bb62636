import { RECONCILE_LIMIT } from "./defaults.js";
import type { QueuePort, Reconciliation } from "./ports/stores.js";

/** Puts all work of jobs that the rows say is due back on its queue; what waits there already stays as it is. Returns how much. */
export function makeReconcile({ reconciliation, queue }: { reconciliation: Reconciliation; queue: QueuePort }) {
  return async function reconcile(): Promise<number> {
    const due = await reconciliation.dueWork(RECONCILE_LIMIT);
    for (const job_id of due.profile) await queue.enqueue("profile", { job_id });
    for (const job_id of due.export) await queue.enqueue("export", { job_id });
    for (const { jobId, number } of due.trials) await queue.enqueue("trial", { job_id: jobId, number });
    return due.profile.length + due.export.length + due.trials.length;
  };
}
