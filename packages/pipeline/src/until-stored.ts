import { isAway } from "./failure.js";
import type { Log } from "./log.js";
import type { WorkerIdentity } from "./worker-identity.js";

/** Soon enough to be first when the database is back: who holds an expired lease may be overtaken. */
const RETRY_MS = 250;

export interface StoringWorker {
  readonly worker: Pick<WorkerIdentity, "shutdown">;
  readonly log: Log;
}

/** Repeats a write while the database is away, until this process has to stop: what was computed outlives a restart. */
export async function untilStored<T>({ worker, log }: StoringWorker, write: () => Promise<T>): Promise<T> {
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await write();
    } catch (error) {
      if (!isAway(error) || worker.shutdown.aborted) throw error;
      if (isFirst) log.warn({ event: "database.away", err: error }, "what was computed waits for the database");
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
