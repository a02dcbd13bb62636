import type { QueuePayload } from "@espalier/contracts";
import type { ComputePort } from "./ports/compute.js";
import type { JobStore, QueuePort } from "./ports/stores.js";
import { runStage, type StageDeps } from "./run-stage.js";

export interface ProfileModelDeps extends StageDeps {
  readonly jobs: StageDeps["jobs"] & Pick<JobStore, "settleProfile">;
  readonly compute: Pick<ComputePort, "profile">;
  readonly queue: QueuePort;
}

/** Computes the statistics, the dense model and the baselines once, then opens the search. */
export function makeProfileModel(deps: ProfileModelDeps) {
  return ({ job_id }: QueuePayload<"profile">): Promise<void> =>
    runStage(
      deps,
      job_id,
      "profile",
      (job, context) => deps.compute.profile({ jobId: job_id, spec: job.spec }, context),
      async (epoch, outcome) => {
        const numbers = await deps.jobs.settleProfile(job_id, epoch, outcome);
        for (const number of numbers ?? []) await deps.queue.enqueue("trial", { job_id, number });
      },
    );
}
