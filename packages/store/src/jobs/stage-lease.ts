import type { JobId, JobState } from "@espalier/contracts";
import type { GiveBack, Stage, StageClaim, StageProgress } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { appendEvents } from "../events/append-events.js";
import { endTurn } from "../turns/owner.js";
import { lockJob } from "./lock-job.js";
import { readJob } from "./read-job.js";
import { sharingStatistics } from "./statistics-lock.js";

const stageState = { profile: "profiling", export: "exporting" } as const satisfies Record<Stage, JobState>;

/** Takes a stage that nobody holds. A queued job starts with this. */
export function claimStage(
  database: Database,
  id: JobId,
  stage: Stage,
  owner: string,
  leaseSeconds: number,
): Promise<StageClaim | undefined> {
  return transact(database, async (tx) => {
    if (stage === "profile") await sharingStatistics(tx);
    const job = await lockJob(tx, id);
    if (!job) return undefined;
    const isFirst = stage === "profile" && job.state === "queued";
    if (!isFirst && (job.state !== stageState[stage] || job.isLeaseLive)) return undefined;
    const state = stageState[stage];
    await tx.$executeRaw`
      UPDATE jobs SET state = ${state}, stage_epoch = stage_epoch + 1, stage_owner = ${owner},
        stage_lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}),
        started_at = COALESCE(started_at, clock_timestamp()), updated_at = clock_timestamp(),
        progress_stage = NULL, progress_at = NULL, progress_first_at = NULL
      WHERE id = ${id}`;
    if (isFirst) await appendEvents(tx, id, [{ type: "job.started", data: { state } }]);
    const record = await readJob(tx, id);
    await endTurn(tx, stage, id);
    return (
      record && { job: record, epoch: job.stageEpoch + 1, failures: job.stageFailures, takenOver: job.isStageHeld }
    );
  });
}

/** Moves the end of the lease while the claim holds. */
export async function renewStage(database: Database, id: JobId, epoch: number, leaseSeconds: number): Promise<boolean> {
  const renewed = await database.$executeRaw`
    UPDATE jobs SET stage_lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE id = ${id} AND stage_epoch = ${epoch} AND stage_owner IS NOT NULL AND state IN ('profiling', 'exporting')`;
  return renewed === 1;
}

/** Ends the lease while the claim holds; the stage can be claimed at once. */
export async function releaseStage(database: Database, id: JobId, epoch: number, reason: GiveBack): Promise<void> {
  const failures = reason === "stopped" ? 0 : 1;
  await database.$executeRaw`
    UPDATE jobs SET stage_owner = NULL, stage_lease_until = NULL, stage_failures = stage_failures + ${failures},
      half_batch = half_batch OR ${reason === "out_of_memory"}
    WHERE id = ${id} AND stage_epoch = ${epoch} AND stage_owner IS NOT NULL AND state IN ('profiling', 'exporting')`;
}

/** Stores how far the stage is; the first report of a stage is kept beside the latest, to know its speed. */
export function reportProgress(database: Database, id: JobId, epoch: number, progress: StageProgress): Promise<void> {
  return transact(database, async (tx) => {
    const { stage, done, of, unit, loss } = progress;
    const reached = loss === undefined ? {} : { loss };
    const rows = await tx.$queryRaw<{ state: JobState; isEventDue: boolean }[]>`
      UPDATE jobs SET progress_stage = ${stage}, progress_done = ${done}, progress_of = ${of}, progress_unit = ${unit},
        progress_at = clock_timestamp(), updated_at = clock_timestamp(),
        progress_first_done = CASE WHEN progress_stage = ${stage} THEN progress_first_done ELSE ${done} END,
        progress_first_at = CASE WHEN progress_stage = ${stage} THEN progress_first_at ELSE clock_timestamp() END
      WHERE id = ${id} AND stage_epoch = ${epoch} AND stage_owner IS NOT NULL AND state IN ('profiling', 'exporting')
      RETURNING state, COALESCE(progress_event_at < clock_timestamp() - interval '1 minute', true) AS "isEventDue"`;
    const [row] = rows;
    if (!row?.isEventDue) return;
    await tx.$executeRaw`UPDATE jobs SET progress_event_at = clock_timestamp() WHERE id = ${id}`;
    await appendEvents(tx, id, [
      { type: "job.progress", data: { state: row.state, stage, done, of, unit, ...reached } },
    ]);
  });
}
