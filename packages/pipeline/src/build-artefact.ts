import type { QueuePayload } from "@espalier/contracts";
import { chooseWinners } from "./choose-winner.js";
import { taskOf } from "./compute-task.js";
import type { ComputePort } from "./ports/compute.js";
import type { JobStore } from "./ports/stores.js";
import { runStage, type StageDeps } from "./run-stage.js";

export interface BuildArtefactDeps extends StageDeps {
  readonly jobs: StageDeps["jobs"] & Pick<JobStore, "settleExport" | "winners" | "trialLog">;
  readonly compute: Pick<ComputePort, "build">;
}

/** Slices, verifies and writes the winners, and finishes the job. */
export function makeBuildArtefact(deps: BuildArtefactDeps) {
  return ({ job_id }: QueuePayload<"export">): Promise<void> =>
    runStage(
      deps,
      job_id,
      "export",
      async ({ job, epoch }, context) => {
        const winners = await chooseWinners(deps.jobs, job.id);
        const trials = await deps.jobs.trialLog(job.id);
        return deps.compute.build(taskOf(job), { epoch, winners, trials, baselines: job.baselines }, context);
      },
      async ({ job, epoch }, outcome) => {
        await deps.jobs.settleExport(job.id, epoch, outcome);
      },
    );
}
