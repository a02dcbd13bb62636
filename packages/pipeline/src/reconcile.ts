import { RECONCILE_LIMIT } from "./defaults.js";
import type { QueuePort, Reconciliation } from "./ports/stores.js";

/** Puts all work of jobs that the rows say is due back on its queue; what waits there already stays as it is. Returns how much. */
export function makeReconcile({ reconciliation, queue }: { reconciliation: Reconciliation; queue: QueuePort }) {
  return async function reconcile(): Promise<number> {
    const due = await reconciliation.dueWork(RECONCILE_LIMIT);
    for (const { jobId, epoch } of due.profile) await queue.enqueue("profile", { job_id: jobId, epoch });
    for (const { jobId, epoch } of due.export) await queue.enqueue("export", { job_id: jobId, epoch });
    for (const { jobId, name, epoch } of due.laterExports) {
      await queue.enqueue("export", { job_id: jobId, name, epoch });
    }
    for (const { jobId, number, epoch } of due.trials) await queue.enqueue("trial", { job_id: jobId, number, epoch });
    return due.profile.length + due.export.length + due.laterExports.length + due.trials.length;
  };
}
