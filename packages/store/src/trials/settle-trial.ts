import type { JobId, TrialResult } from "@espalier/contracts";
import type { SettledTrial, TrialOutcome } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { json } from "../database/json.js";
import { transact } from "../database/transact.js";
import { appendEvents, type NewEvent } from "../events/append-events.js";
import { canMove, type LockedJob, lockJob } from "../jobs/lock-job.js";
import { carryOn } from "./carry-on.js";
import { tellFront } from "./front-event.js";
import { keepFront } from "./keep-front.js";
import { keepImproving } from "./keep-improving.js";
import { keepSorted } from "./sorted-values.js";

/** Accepts or supersedes one result and carries the search on: next trials, or its end. */
export async function settleTrial(
  database: Database,
  jobId: JobId,
  number: number,
  epoch: number,
  outcome: TrialOutcome,
): Promise<SettledTrial> {
  checkFinite(outcome);
  return transact(database, async (tx) => {
    const job = await lockJob(tx, jobId);
    if (!job) return { kind: "superseded" };
    const isAccepted = canSettle(job) && (await acceptResult(tx, jobId, number, epoch, outcome));
    if (!isAccepted && (await wasAccepted(tx, jobId, number, epoch))) {
      return { kind: "accepted", next: [], searchFinished: false };
    }
    if (!isAccepted) {
      await supersede(tx, job, number, epoch, outcome);
      return { kind: "superseded" };
    }
    await keepSorted(tx, jobId, number, job.trialBudget);
    const after = await count(tx, job, outcome);
    if (outcome.state === "completed") {
      await keepBest(tx, jobId, number, outcome.results);
      await keepFront(tx, jobId, number, outcome.results);
      await keepImproving(tx, jobId, number, outcome.score);
    }
    await appendEvents(tx, jobId, settledEvents(job, after, number, outcome));
    if (job.isProgressDue)
      await tx.$executeRaw`UPDATE jobs SET progress_event_at = clock_timestamp() WHERE id = ${jobId}`;
    // No heartbeat may follow in a pause, to tell what waits.
    await tellFront(tx, jobId, job.state === "paused" ? "now" : "due");
    return { kind: "accepted", ...(await carryOn(tx, after)) };
  });
}

/** A paused search accepts what was running; it only starts nothing new. */
const canSettle = (job: LockedJob): boolean => job.state === "searching" || job.state === "paused";

function checkFinite(outcome: TrialOutcome): void {
  const { durationSeconds, score, partialScore, scoredShare } = columnsOf(outcome);
  const numbers = [durationSeconds, score, partialScore, scoredShare].filter((value) => value !== null);
  const wrong = numbers.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`a ${outcome.state} trial's numbers must be finite, got ${wrong}`);
}

/** An outcome as the columns of its trial. */
interface OutcomeColumns {
  readonly score: number | null;
  readonly partialScore: number | null;
  readonly windowsSeen: number | null;
  /** Of what was scored as far as it was meant to be: an infeasible trial breaks off. */
  readonly scoredShare: number | null;
  readonly results: readonly TrialResult[];
  readonly reason: string | null;
  readonly durationSeconds: number | null;
}

function columnsOf(outcome: TrialOutcome): OutcomeColumns {
  const none = {
    score: null,
    partialScore: null,
    windowsSeen: null,
    scoredShare: null,
    results: [],
    reason: null,
    durationSeconds: null,
  };
  return { ...none, ...outcome, ...(outcome.state === "completed" ? { scoredShare: 1 } : {}) };
}

async function acceptResult(
  tx: Transaction,
  jobId: JobId,
  number: number,
  epoch: number,
  outcome: TrialOutcome,
): Promise<boolean> {
  const { score, partialScore, windowsSeen, scoredShare, results, reason, durationSeconds } = columnsOf(outcome);
  const accepted = await tx.$executeRaw`
    UPDATE trials SET state = ${outcome.state}, score = ${score}::float8, partial_score = ${partialScore}::float8,
      windows_seen = ${windowsSeen}::int, scored_share = ${scoredShare}::float8, results = ${json(results)}::jsonb,
      reason = ${reason}, duration_seconds = ${durationSeconds}::float8, finished_at = clock_timestamp(),
      owner = NULL, lease_until = NULL
    WHERE job_id = ${jobId} AND number = ${number} AND epoch = ${epoch} AND state = 'running'`;
  return accepted === 1;
}

/** Whether this claim's result is the one that counts: told again by a worker whose connection was lost meanwhile. */
async function wasAccepted(tx: Transaction, jobId: JobId, number: number, epoch: number): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM trials WHERE job_id = ${jobId} AND number = ${number} AND epoch = ${epoch}
      AND state IN ('completed', 'pruned', 'failed', 'infeasible')`;
  return rows.length > 0;
}

async function supersede(
  tx: Transaction,
  job: LockedJob,
  number: number,
  epoch: number,
  outcome: TrialOutcome,
): Promise<void> {
  const recorded = await tx.$executeRaw`
    INSERT INTO superseded_results (job_id, trial_number, epoch, outcome)
    SELECT job_id, number, ${epoch}, ${json(outcome)}::jsonb FROM trials WHERE job_id = ${job.id} AND number = ${number}`;
  // Nothing follows a job's last event, so that streams may end there.
  if (recorded === 1 && canMove(job.state, "cancelled")) {
    await appendEvents(tx, job.id, [{ type: "trial.superseded", data: { number, epoch } }]);
  }
}

/** Counts the result on the job's row and returns the row as it is then. */
async function count(tx: Transaction, job: LockedJob, outcome: TrialOutcome): Promise<LockedJob> {
  const is = (state: TrialOutcome["state"]) => (outcome.state === state ? 1 : 0);
  const { score, durationSeconds, scoredShare } = columnsOf(outcome);
  const timed = durationSeconds === null ? 0 : 1;
  const saved = scoredShare === null ? 0 : 1 - scoredShare;
  await tx.$executeRaw`
    UPDATE jobs SET trials_completed = trials_completed + ${is("completed")},
      trials_pruned = trials_pruned + ${is("pruned")}, shares_saved = shares_saved + ${saved}::float8,
      trials_failed = trials_failed + ${is("failed")}, trials_infeasible = trials_infeasible + ${is("infeasible")},
      trials_timed = trials_timed + ${timed}, trial_seconds = trial_seconds + ${durationSeconds ?? 0}::float8,
      best_score = LEAST(best_score, ${score}::float8)
    WHERE id = ${job.id}`;
  const after = await lockJob(tx, job.id);
  if (!after) throw new RangeError(`job ${job.id} vanished under its own lock`);
  return after;
}

/** Keeps the best completed trial per sparsity; of equal ones the lower number, so that order of arrival does not matter. */
async function keepBest(tx: Transaction, jobId: JobId, number: number, results: readonly TrialResult[]): Promise<void> {
  const finite = results.filter(({ scoring_perplexity }) => scoring_perplexity !== null);
  if (finite.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO best_results (job_id, sparsity, trial_number, perplexity, result)
    SELECT ${jobId}, (result->>'sparsity')::float8, ${number}, (result->>'scoring_perplexity')::float8, result
    FROM jsonb_array_elements(${json(finite)}::jsonb) AS result
    ON CONFLICT (job_id, sparsity) DO UPDATE
    SET trial_number = EXCLUDED.trial_number, perplexity = EXCLUDED.perplexity, result = EXCLUDED.result
    WHERE (EXCLUDED.perplexity, EXCLUDED.trial_number) < (best_results.perplexity, best_results.trial_number)`;
}

function settledEvents(
  before: LockedJob,
  after: LockedJob,
  number: number,
  outcome: TrialOutcome,
): readonly NewEvent[] {
  const { score } = columnsOf(outcome);
  const settled: NewEvent = {
    type: "trial.settled",
    data: { number, state: outcome.state, score, best: after.bestScore },
  };
  if (!before.isProgressDue) return [settled];
  const progress = { stage: "searching", done: after.trialsSettled, of: after.trialBudget, unit: "trials" };
  return [settled, { type: "job.progress", data: { state: after.state, ...progress, best: after.bestScore } }];
}
