import type { QueuePayload } from "@espalier/contracts";
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
      async ({ spec }, context) => {
        const outcome = await deps.compute.profile({ jobId: job_id, spec }, context);
        const { warm_start } = spec.search;
        if (warm_start === undefined) return outcome;
        const earlier = await readEarlierSearch(deps.jobs, warm_start);
        return { ...outcome, plan: warmStarted(outcome, spec, earlier) };
      },
      async (epoch, outcome) => {
        const numbers = await deps.jobs.settleProfile(job_id, epoch, outcome);
        for (const number of numbers ?? []) await deps.queue.enqueue("trial", { job_id, number });
      },
    );
}
