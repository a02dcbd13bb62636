import type { Candidate, FinishedPiece, Params, TrialOutcome } from "@espalier/pipeline";
import { jobCost, kindOfTrial } from "@espalier/pruning";
import type { OpenedJob } from "../job-contexts.js";
import type { JobTask } from "../messages.js";
import type { WindowLosses } from "../recent-losses.js";
import { secondsSince, type TaskContext } from "./task.js";

/**
 * One candidate at every sparsity of the job, raced against its rival if it has one. The duration leaves out what only a
 * cold child does: opening the job, and scoring the rival once more.
 */
export async function scoreTask(
  job: JobTask,
  { params, rivalParams }: Candidate,
  { contexts, signal, fetchStatistics, measured }: TaskContext,
): Promise<Exclude<TrialOutcome, { state: "failed" }>> {
  const opened = await contexts.open(job, { signal, fetchStatistics });
  const rival = rivalParams === null ? undefined : await lossesOf(opened, rivalParams, signal);
  const start = performance.now();
  const { score, results, reason, stopped, windowLosses } = await opened.context.score(params, { signal, rival });
  const durationSeconds = secondsSince(start);
  const taken = { results, durationSeconds };
  measured(scoredPiece(opened, job, params, durationSeconds));
  if (stopped !== null) {
    const { partial, windows, share } = stopped;
    return { state: "pruned", partialScore: partial, windowsSeen: windows, scoredShare: share, ...taken };
  }
  if (score === null || !Number.isFinite(score)) {
    return { state: "infeasible", reason: reason ?? "The perplexity is not finite.", ...taken };
  }
  if (job.spec.search.racing) opened.recentLosses.set(params, windowLosses);
  return { state: "completed", score, ...taken };
}

/** A trial as estimates count it: whole, so that what racing spares shows in the seconds. */
function scoredPiece({ context }: OpenedJob, { spec }: JobTask, params: Params, seconds: number): FinishedPiece {
  const cost = jobCost(context.shape, spec);
  const kind = kindOfTrial(params);
  const step = spec.search.racing ? (`raced_${kind}` as const) : kind;
  return { step, scale: cost.scale, operations: cost[kind], seconds };
}

/** Window losses of a completed trial: those it was scored with, or the same numbers computed again. */
async function lossesOf(
  { context, recentLosses }: OpenedJob,
  params: Params,
  signal: AbortSignal,
): Promise<WindowLosses> {
  const known = recentLosses.get(params);
  if (known !== undefined) return known;
  const { windowLosses } = await context.score(params, { signal });
  recentLosses.set(params, windowLosses);
  return windowLosses;
}
