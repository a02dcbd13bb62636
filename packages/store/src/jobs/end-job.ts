import type { JobId } from "@espalier/contracts";
import type { Failure } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { appendEvents } from "../events/append-events.js";
import { tellFront } from "../trials/front-event.js";
import { canMove, lockJob } from "./lock-job.js";
import { noPause } from "./pause-columns.js";

/** Any open job → failed; with an epoch only while that stage claim holds. */
export function failJob(database: Database, id: JobId, failure: Failure, epoch: number | undefined): Promise<boolean> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job || !canMove(job.state, "failed")) return false;
    if (epoch !== undefined && (job.stageEpoch !== epoch || !job.isStageHeld)) return false;
    await markFailed(tx, id, failure);
    return true;
  });
}

/** Any open job → cancelled. */
export function cancelJob(database: Database, id: JobId): Promise<boolean> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job || !canMove(job.state, "cancelled")) return false;
    await tellFront(tx, id, "now");
    await tx.$executeRaw`
      UPDATE jobs SET state = 'cancelled', finished_at = clock_timestamp(), stage_owner = NULL, stage_lease_until = NULL,
        ${noPause}
      WHERE id = ${id}`;
    await cancelOpenTrials(tx, id);
    await appendEvents(tx, id, [{ type: "job.cancelled", data: { state: "cancelled" } }]);
    return true;
  });
}

/** Writes the failure of a job whose row this transaction holds. */
export async function markFailed(tx: Transaction, id: JobId, { code, detail, stage }: Failure): Promise<void> {
  await tellFront(tx, id, "now");
  await tx.$executeRaw`
    UPDATE jobs SET state = 'failed', error_code = ${code}, error_detail = ${detail}, error_stage = ${stage},
      finished_at = clock_timestamp(), stage_owner = NULL, stage_lease_until = NULL, ${noPause}
    WHERE id = ${id}`;
  await cancelOpenTrials(tx, id);
  await appendEvents(tx, id, [{ type: "job.failed", data: { state: "failed", error: { code, detail, stage } } }]);
}

/** Open trials of a job whose row this transaction holds end without a result. */
export async function cancelOpenTrials(tx: Transaction, id: JobId): Promise<void> {
  await tx.$executeRaw`
    UPDATE trials SET state = 'cancelled', finished_at = clock_timestamp(), owner = NULL, lease_until = NULL
    WHERE job_id = ${id} AND state IN ('waiting', 'running')`;
}
