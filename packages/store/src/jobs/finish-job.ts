import type { JobId } from "@espalier/contracts";
import type { Asked } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { finishSearch } from "../trials/carry-on.js";
import { cancelOpenTrials } from "./end-job.js";
import { lockJob } from "./lock-job.js";
import { endPause, refused } from "./pause-job.js";

/** searching or paused → exporting. A result that arrives afterwards is superseded. */
export function finishJob(database: Database, id: JobId): Promise<Asked | undefined> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job) return undefined;
    if (job.pausedFrom === "exporting") {
      await endPause(tx, job);
      return { kind: "done" };
    }
    const isSearch = job.state === "searching" || job.state === "paused";
    if (!isSearch || job.trialsCompleted === 0) return refused(job);
    await cancelOpenTrials(tx, id);
    await finishSearch(tx, job);
    return { kind: "done" };
  });
}
