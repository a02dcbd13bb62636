import { isTerminal, type JobId } from "@espalier/contracts";
import type { Asked } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { lockJob } from "./lock-job.js";
import { refused } from "./pause-job.js";

/**
 * Hides a terminal job. Its own receivers go at once, and with them what was still to be sent to them; messages to
 * registered endpoints stay. Trials may be a million: they are removed step by step.
 */
export function deleteJob(database: Database, id: JobId): Promise<Asked | undefined> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job || !isTerminal(job.state)) return job && refused(job);
    await tx.$executeRaw`UPDATE jobs SET deleted_at = clock_timestamp() WHERE id = ${id}`;
    await tx.$executeRaw`DELETE FROM job_webhooks WHERE job_id = ${id}`;
    await tx.$executeRaw`DELETE FROM artifacts WHERE job_id = ${id}`;
    return { kind: "done" };
  });
}
