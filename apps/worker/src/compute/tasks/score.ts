import type { Params, TrialOutcome } from "@espalier/pipeline";
import type { JobTask } from "../messages.js";
import { secondsSince, type TaskContext } from "./task.js";

/** One candidate at every sparsity of the job. The duration leaves out opening the job in a cold child. */
export async function scoreTask(
  job: JobTask,
  params: Params,
  { contexts, signal }: TaskContext,
): Promise<Exclude<TrialOutcome, { state: "failed" }>> {
  const { context } = await contexts.open(job, { signal });
  const start = performance.now();
  const { score, results, reason } = await context.score(params, { signal });
  const durationSeconds = secondsSince(start);
  if (score !== null && Number.isFinite(score)) return { state: "completed", score, results, durationSeconds };
  return { state: "infeasible", reason: reason ?? "The perplexity is not finite.", results, durationSeconds };
}
