import type { ProfileOutcome } from "@espalier/pipeline";
import { type ContextProgress, jobCost } from "@espalier/pruning";
import type { JobTask } from "../messages.js";
import { secondsSince, type TaskContext } from "./task.js";

/** Statistics, the dense model, the baselines, and from them what the search starts with. */
export async function profileTask(
  job: JobTask,
  { contexts, signal, fetchStatistics, report, measured }: TaskContext,
): Promise<ProfileOutcome> {
  const start = performance.now();
  const onProgress = ({ stage, done, of }: ContextProgress): void => {
    if (stage === "profile") report({ stage: "profiling", done, of, unit: "samples" });
    if (stage === "baselines") report({ stage: "baselines", done, of, unit: "baselines" });
  };
  const { context } = await contexts.open(job, { signal, fetchStatistics, onProgress });
  const profileSeconds = secondsSince(start);
  const cost = jobCost(context.shape, job.spec);
  const done = (step: "profile" | "baselines", seconds: number): void =>
    measured({ step, scale: cost.scale, operations: cost[step], seconds });
  if (!context.profileReused) done("profile", profileSeconds);
  const searched = performance.now();
  const dense = await context.dense({ signal });
  const calibration = await context.calibration();
  const { space, neutral, profileKey: statisticsKey } = context;
  if (!job.spec.baselines) {
    const plan = { space, starts: context.starts, given: [] };
    return { plan, neutral, dense, baselines: [], profileSeconds, statisticsKey, calibration };
  }
  const { evaluated, starts, given } = await context.baselines({ signal, onProgress });
  done("baselines", secondsSince(searched));
  return {
    plan: { space, starts, given },
    neutral,
    dense,
    baselines: evaluated,
    profileSeconds,
    statisticsKey,
    calibration,
  };
}
