import type { JobId } from "@espalier/contracts";
import type { GiveBack, PauseReason, Proposal, TrialClaim } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { json } from "../database/json.js";
import { transact } from "../database/transact.js";
import { lockJob } from "../jobs/lock-job.js";
import { markPaused } from "../jobs/pause-job.js";
import { readJob } from "../jobs/read-job.js";
import { endTurn } from "../turns/owner.js";
import { tellFront, tellWaitingFront } from "./front-event.js";

type ClaimedRow = Pick<TrialClaim, "epoch" | "failures" | "takenOver" | "params" | "rivalParams">;

/** Takes a trial that nobody holds, while its job is searching. */
export function claimTrial(
  database: Database,
  jobId: JobId,
  number: number,
  owner: string,
  leaseSeconds: number,
): Promise<TrialClaim | undefined> {
  return transact(database, async (tx) => {
    // A shared lock: claims run side by side, but not while the job is being cancelled or paused.
    await tx.$executeRaw`SELECT 1 FROM jobs WHERE id = ${jobId} FOR SHARE`;
    const job = await readJob(tx, jobId);
    if (job?.state !== "searching") return undefined;
    const [row] = await tx.$queryRaw<ClaimedRow[]>`
      UPDATE trials SET state = 'running', epoch = epoch + 1, owner = ${owner},
        lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
        started_at = COALESCE(started_at, clock_timestamp()), half_batch = ${job.halfBatch}
      WHERE job_id = ${jobId} AND number = ${number}
        AND (state = 'waiting' OR (state = 'running' AND lease_until < clock_timestamp()))
      RETURNING epoch, failures, params, (
        SELECT rival.params FROM trials AS rival WHERE rival.job_id = trials.job_id AND rival.number = trials.rival
      ) AS "rivalParams", (
        -- Still as it was before this statement.
        SELECT state = 'running' FROM trials AS before WHERE before.job_id = trials.job_id AND before.number = trials.number
      ) AS "takenOver"`;
    if (!row) return undefined;
    await endTurn(tx, "trial", jobId);
    return { job, number, ...row };
  });
}

/** Moves the end of the lease while the claim holds. A heartbeat is also when a front that waits to be told is told. */
export async function renewTrial(
  database: Database,
  jobId: JobId,
  number: number,
  epoch: number,
  leaseSeconds: number,
): Promise<boolean> {
  const renewed = await database.$executeRaw`
    UPDATE trials SET lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE job_id = ${jobId} AND number = ${number} AND epoch = ${epoch} AND state = 'running'`;
  if (renewed === 1) await tellWaitingFront(database, jobId);
  return renewed === 1;
}

/** Gives a trial back; it waits again and keeps its proposal. */
export function releaseTrial(
  database: Database,
  jobId: JobId,
  number: number,
  epoch: number,
  reason: GiveBack,
): Promise<void> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, jobId);
    const released = await giveBack(tx, jobId, number, epoch, reason === "stopped" ? 0 : 1);
    if (!job || !released || reason !== "out_of_memory") return;
    await tx.$executeRaw`UPDATE jobs SET half_batch = true WHERE id = ${jobId}`;
  });
}

/** Gives a trial back and pauses its job, unless it is paused already. */
export function pauseTrial(
  database: Database,
  jobId: JobId,
  number: number,
  epoch: number,
  reason: PauseReason,
): Promise<boolean> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, jobId);
    const released = await giveBack(tx, jobId, number, epoch, 0);
    if (!released || job?.state !== "searching") return released;
    await tellFront(tx, jobId, "now");
    await markPaused(tx, jobId, "searching", reason);
    return true;
  });
}

/** Lets a trial of a job whose row this transaction holds wait again; false when the claim was lost. */
async function giveBack(
  tx: Transaction,
  jobId: JobId,
  number: number,
  epoch: number,
  failures: number,
): Promise<boolean> {
  const released = await tx.$executeRaw`
    UPDATE trials SET state = 'waiting', owner = NULL, lease_until = NULL, failures = failures + ${failures}
    WHERE job_id = ${jobId} AND number = ${number} AND epoch = ${epoch} AND state = 'running'`;
  return released === 1;
}

/** Stores the proposal of the current claim, once. */
export async function proposeTrial(
  database: Database,
  jobId: JobId,
  number: number,
  epoch: number,
  { params, origin, rival }: Proposal,
): Promise<boolean> {
  const stored = await database.$executeRaw`
    UPDATE trials SET params = ${json(params)}::jsonb, origin = ${origin}, rival = ${rival}::int
    WHERE job_id = ${jobId} AND number = ${number} AND epoch = ${epoch} AND state = 'running' AND params IS NULL`;
  return stored === 1;
}
