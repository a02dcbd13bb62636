import { type JobId, type JobSpec, type JobState, jobTransitions } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { secondsSearching } from "./pause-columns.js";

/** Where a paused job goes on. */
export type PausedFrom = "profiling" | "searching" | "exporting";

/** A job's row as long as this transaction holds it. */
export interface LockedJob {
  readonly id: JobId;
  readonly state: JobState;
  readonly pausedFrom: PausedFrom | null;
  readonly spec: JobSpec;
  readonly stageEpoch: number;
  readonly stageFailures: number;
  readonly isStageHeld: boolean;
  readonly isLeaseLive: boolean;
  readonly isProgressDue: boolean;
  readonly trialBudget: number;
  readonly parallelism: number;
  readonly trialsInserted: number;
  readonly trialsSettled: number;
  readonly trialsCompleted: number;
  readonly trialsInfeasible: number;
  readonly trialSeconds: number;
  readonly secondsSearching: number;
  readonly bestScore: number | null;
}

/**
 * Locks a job's row against other writers. Every transaction that writes a job and its trials takes the job first, so
 * no two wait for each other. Times are compared on the database's clock, after the wait for the lock. A deleted job is
 * none.
 */
export async function lockJob(tx: Transaction, id: JobId): Promise<LockedJob | undefined> {
  // The lock comes first, in a statement of its own: clock and columns are then read as they are now.
  await tx.$executeRaw`SELECT 1 FROM jobs WHERE id = ${id} FOR NO KEY UPDATE`;
  const [row] = await tx.$queryRaw<LockedJob[]>`
    SELECT id, state, paused_from AS "pausedFrom", spec, stage_epoch AS "stageEpoch", stage_failures AS "stageFailures",
      stage_owner IS NOT NULL AS "isStageHeld",
      COALESCE(stage_lease_until > clock_timestamp(), false) AS "isLeaseLive",
      COALESCE(progress_event_at < clock_timestamp() - interval '1 minute', true) AS "isProgressDue",
      trial_budget AS "trialBudget", parallelism, trials_inserted AS "trialsInserted",
      trials_completed + trials_pruned + trials_failed + trials_infeasible AS "trialsSettled",
      trials_completed AS "trialsCompleted", trials_infeasible AS "trialsInfeasible",
      trial_seconds AS "trialSeconds", best_score AS "bestScore",
      ${secondsSearching} AS "secondsSearching"
    FROM jobs WHERE id = ${id} AND deleted_at IS NULL`;
  return row;
}

/** Whether the transition table has this move. */
export const canMove = (from: JobState, to: JobState): boolean =>
  (jobTransitions[from] as readonly JobState[]).includes(to);
