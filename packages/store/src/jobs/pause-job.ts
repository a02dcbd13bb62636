import type { JobId } from "@espalier/contracts";
import type { Asked, PauseReason, ReadyWork } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { appendEvents } from "../events/append-events.js";
import { carryOn } from "../trials/carry-on.js";
import { tellFront } from "../trials/front-event.js";
import { type LockedJob, lockJob, type PausedFrom } from "./lock-job.js";
import { noPause } from "./pause-columns.js";

export const refused = ({ state }: LockedJob) => ({ kind: "refused", state }) as const;

/** searching → paused. Its trials stay as they are: one that runs may settle, one that waits cannot be claimed. */
export function pauseJob(database: Database, id: JobId): Promise<Asked | undefined> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (job?.state !== "searching") return job && refused(job);
    // A pause may last for days: nobody should wait as long for what is known.
    await tellFront(tx, id, "now");
    await markPaused(tx, id, "searching", null);
    return { kind: "done" };
  });
}

/** profiling or exporting → paused while this claim holds. */
export function pauseStage(database: Database, id: JobId, epoch: number, reason: PauseReason): Promise<boolean> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (job?.state !== "profiling" && job?.state !== "exporting") return false;
    if (!job.isStageHeld || job.stageEpoch !== epoch) return false;
    await markPaused(tx, id, job.state, reason);
    return true;
  });
}

/** paused → where it was, and on from there. */
export function resumeJob(database: Database, id: JobId): Promise<Asked<ReadyWork> | undefined> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (job?.state !== "paused") return job && refused(job);
    await endPause(tx, job);
    const { pausedFrom } = job;
    if (pausedFrom !== "searching") {
      return { kind: "done", profile: pausedFrom === "profiling", trials: [], export: pausedFrom === "exporting" };
    }
    const resumed = await lockJob(tx, id);
    if (!resumed) throw new RangeError(`job ${id} vanished under its own lock`);
    const { searchFinished } = await carryOn(tx, resumed);
    const waiting = await tx.$queryRaw<{ number: number }[]>`
      SELECT number FROM trials WHERE job_id = ${id} AND state = 'waiting' ORDER BY number`;
    return { kind: "done", profile: false, trials: waiting.map(({ number }) => number), export: searchFinished };
  });
}

/** Puts a job whose row this transaction holds back where it was. */
export async function endPause(tx: Transaction, { id, pausedFrom }: LockedJob): Promise<void> {
  await tx.$executeRaw`UPDATE jobs SET state = paused_from, stage_failures = 0, ${noPause} WHERE id = ${id}`;
  await appendEvents(tx, id, [{ type: "job.resumed", data: { state: pausedFrom } }]);
}

/** Pauses a job whose row this transaction holds. */
export async function markPaused(
  tx: Transaction,
  id: JobId,
  from: PausedFrom,
  reason: PauseReason | null,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE jobs SET state = 'paused', paused_from = ${from}, paused_at = clock_timestamp(),
      pause_code = ${reason?.code ?? null}, pause_detail = ${reason?.detail ?? null},
      stage_owner = NULL, stage_lease_until = NULL
    WHERE id = ${id}`;
  await appendEvents(tx, id, [{ type: "job.paused", data: { state: "paused", from, reason } }]);
}
