import type { JobId } from "@espalier/contracts";
import type { BuildOutcome, ProfileOutcome } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { json } from "../database/json.js";
import { transact } from "../database/transact.js";
import { appendEvents } from "../events/append-events.js";
import { insertFirstExports } from "../exports/settle-export.js";
import { insertTrials } from "../trials/insert-trials.js";
import { nameSorted } from "../trials/sorted-values.js";
import { parameterNames } from "../views/trial-columns.js";
import { canMove, type LockedJob, lockJob } from "./lock-job.js";

/** profiling → searching with the first trials. */
export function settleProfile(
  database: Database,
  id: JobId,
  epoch: number,
  outcome: ProfileOutcome,
): Promise<readonly number[] | undefined> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job || !holds(job, epoch) || !canMove(job.state, "searching")) return undefined;
    const { plan, dense, baselines, profileSeconds, statisticsKey, calibration } = outcome;
    await tx.$executeRaw`
      UPDATE jobs SET state = 'searching', plan = ${json(plan)}::jsonb, dense = ${json(dense)}::jsonb,
        baselines = ${json(baselines)}::jsonb, profile_seconds = ${profileSeconds}::float8,
        statistics_key = ${statisticsKey}, calibration = ${json(calibration)}::jsonb,
        search_started_at = clock_timestamp(), stage_owner = NULL, stage_lease_until = NULL, stage_failures = 0,
        progress_stage = NULL, progress_at = NULL, progress_first_at = NULL
      WHERE id = ${id}`;
    await nameSorted(tx, id, job.trialBudget, parameterNames(plan.space));
    const numbers = await insertTrials(tx, id, 0, Math.min(job.parallelism, job.trialBudget));
    await appendEvents(tx, id, [{ type: "job.searching", data: { state: "searching", trials: job.trialBudget } }]);
    return numbers;
  });
}

/** exporting → succeeded with artefacts and comparison. */
export function settleExport(database: Database, id: JobId, epoch: number, outcome: BuildOutcome): Promise<boolean> {
  return transact(database, async (tx) => {
    const job = await lockJob(tx, id);
    if (!job || !holds(job, epoch) || !canMove(job.state, "succeeded")) return false;
    const { files, folders, dense, baselines, best, improvement, differences, textSamples } = outcome;
    await tx.$executeRaw`
      UPDATE jobs SET state = 'succeeded', dense = ${json(dense)}::jsonb, baselines = ${json(baselines)}::jsonb,
        best = ${json(best)}::jsonb, improvement = ${json(improvement)}::jsonb,
        differences = ${json(differences)}::jsonb, text_samples = ${json(textSamples)}::jsonb,
        finished_at = clock_timestamp(), stage_owner = NULL, stage_lease_until = NULL
      WHERE id = ${id}`;
    await insertFirstExports(tx, id, folders, { files, best });
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    await appendEvents(tx, id, [
      { type: "artifact.ready", data: { state: "succeeded", files: files.length, size_bytes: sizeBytes } },
      { type: "job.succeeded", data: { state: "succeeded", best, improvement } },
    ]);
    return true;
  });
}

/** Whether the claim with this epoch is the stage's current one. */
const holds = (job: LockedJob, epoch: number): boolean => job.isStageHeld && job.stageEpoch === epoch;
