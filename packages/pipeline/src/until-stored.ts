import { isAway } from "./failure.js";
import type { WorkerIdentity } from "./worker-identity.js";

/** Soon enough to be first when the database is back: who holds an expired lease may be overtaken. */
const RETRY_MS = 250;

/** Repeats a write while the database is away, until this process has to stop: what was computed outlives a restart. */
export async function untilStored<T>({ shutdown }: WorkerIdentity, write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isAway(error) || shutdown.aborted) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
