import type { Transaction } from "../database/connect.js";
import { appendEvents } from "../events/append-events.js";
import { markFailed } from "../jobs/end-job.js";
import type { LockedJob } from "../jobs/lock-job.js";
import { noPause } from "../jobs/pause-columns.js";
import { tellFront } from "./front-event.js";
import { insertTrials } from "./insert-trials.js";

interface CarriedOn {
  /** Numbers of the trials inserted. */
  readonly next: readonly number[];
  /** Whether an export is due. */
  readonly searchFinished: boolean;
}

/** Carries on the search of a job whose row this transaction holds: next trials, or its end. A paused one rests. */
export async function carryOn(tx: Transaction, job: LockedJob): Promise<CarriedOn> {
  if (job.state === "paused") return { next: [], searchFinished: false };
  const open = job.trialsInserted - job.trialsSettled;
  const wanted = isTimeOver(job) ? 0 : Math.min(job.parallelism - open, job.trialBudget - job.trialsInserted);
  const next = await insertTrials(tx, job.id, job.trialsInserted, wanted);
  if (open > 0 || next.length > 0) return { next, searchFinished: false };
  await finishSearch(tx, job);
  return { next: [], searchFinished: job.trialsCompleted > 0 };
}

function isTimeOver({ spec, secondsSearching, trialSeconds }: LockedJob): boolean {
  const { max_duration_seconds: duration, max_compute_seconds: compute } = spec.budget;
  return (duration !== null && secondsSearching >= duration) || (compute !== null && trialSeconds >= compute);
}

/** Ends a search without open trials: on to the export, or failed where no trial completed. */
export async function finishSearch(tx: Transaction, job: LockedJob): Promise<void> {
  if (job.trialsCompleted > 0) {
    await tellFront(tx, job.id, "now");
    await tx.$executeRaw`UPDATE jobs SET state = 'exporting', ${noPause} WHERE id = ${job.id}`;
    await appendEvents(tx, job.id, [
      { type: "job.exporting", data: { state: "exporting", trials: job.trialsSettled, best: job.bestScore } },
    ]);
    return;
  }
  const failed = job.trialsSettled - job.trialsInfeasible;
  await markFailed(tx, job.id, {
    code: "SEARCH_INFEASIBLE",
    detail:
      `None of ${job.trialsSettled} trials gave a finite score: ${job.trialsInfeasible} infeasible, ${failed} failed. ` +
      "The trials tell why; ask for a lower sparsity or more calibration samples.",
    stage: "search",
  });
}
