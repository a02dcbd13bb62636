import type { QueuePayload } from "@espalier/contracts";
import { taskOf } from "./compute-task.js";
import type { ComputePort } from "./ports/compute.js";
import type { JobStore, QueuePort } from "./ports/stores.js";
import { runStage, type StageDeps } from "./run-stage.js";
import { readEarlierSearch, warmStarted } from "./warm-start.js";

export interface ProfileModelDeps extends StageDeps {
  readonly jobs: StageDeps["jobs"] & Pick<JobStore, "settleProfile" | "earlierSearch">;
  readonly compute: Pick<ComputePort, "profile">;
  readonly queue: QueuePort;
}

/** Computes the statistics, the dense model and the baselines once, settles what is tried first, then opens the search. */
export function makeProfileModel(deps: ProfileModelDeps) {
  return ({ job_id }: QueuePayload<"profile">): Promise<void> =>
    runStage(
      deps,
      job_id,
      "profile",
      async ({ job }, context) => {
        const { spec } = job;
        const outcome = await deps.compute.profile(taskOf(job), context);
        const { warm_start } = spec.search;
        if (warm_start === undefined) return outcome;
        const earlier = await readEarlierSearch(deps.jobs, warm_start);
        return { ...outcome, plan: warmStarted(outcome, spec, earlier) };
      },
      async ({ job, epoch }, outcome) => {
        const numbers = await deps.jobs.settleProfile(job.id, epoch, outcome);
        const messages = (numbers ?? []).map((number) => deps.queue.enqueue("trial", { job_id: job.id, number }));
        // The rows are there: reconciliation delivers what a queue that is away does not take.
        await Promise.allSettled(messages);
      },
    );
}
