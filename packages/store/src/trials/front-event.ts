import type { JobId, JobState } from "@espalier/contracts";
import type { Database, Transaction } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { appendEvents } from "../events/append-events.js";
import { lockJob } from "../jobs/lock-job.js";

/** Changes of a job's front within so many seconds of its last front event wait, and are told together. */
const QUIET_SECONDS = 10;

interface ToldFront {
  readonly state: JobState;
  /** Settled trials. */
  readonly trials: number;
  /** Size of the front. */
  readonly points: number;
  /** Trials that changed it since it was last told. */
  readonly changes: number;
}

/**
 * Appends `job.pareto_updated` where the front has changed since it was last told, and either its quiet time is over or
 * the search ends now. The caller holds the job.
 */
export async function tellFront(tx: Transaction, jobId: JobId, when: "due" | "now"): Promise<void> {
  const quiet = when === "now" ? 0 : QUIET_SECONDS;
  const [told] = await tx.$queryRaw<ToldFront[]>`
    WITH untold AS (
      SELECT front_changes FROM jobs WHERE id = ${jobId} AND front_changes > 0 AND COALESCE(
        front_event_at <= clock_timestamp() - make_interval(secs => ${quiet}::float8), true)
    )
    UPDATE jobs SET front_changes = 0, front_event_at = clock_timestamp() FROM untold WHERE id = ${jobId}
    RETURNING state, trials_completed + trials_pruned + trials_failed + trials_infeasible AS trials,
      (SELECT count(*)::int FROM front_results WHERE job_id = ${jobId}) AS points, untold.front_changes AS changes`;
  if (told) await appendEvents(tx, jobId, [{ type: "job.pareto_updated", data: { ...told } }]);
}

/** Tells a front whose quiet time ended while no trial settled: long trials must not keep a change to themselves. */
export async function tellWaitingFront(database: Database, jobId: JobId): Promise<void> {
  const waiting = await database.$queryRaw<unknown[]>`
    SELECT 1 FROM jobs WHERE id = ${jobId} AND front_changes > 0
      AND front_event_at <= clock_timestamp() - make_interval(secs => ${QUIET_SECONDS}::float8)`;
  if (waiting.length === 0) return;
  await transact(database, async (tx) => {
    if (await lockJob(tx, jobId)) await tellFront(tx, jobId, "due");
  });
}
