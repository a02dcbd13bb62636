import type { JobStore } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import type { Sealer } from "../secrets/seal.js";
import { stageInTurn } from "../turns/work-in-turn.js";
import { createJob, submittedWith } from "./create-job.js";
import { deleteJob } from "./delete-job.js";
import { cancelJob, failJob } from "./end-job.js";
import { finishJob } from "./finish-job.js";
import { pauseJob, pauseStage, resumeJob } from "./pause-job.js";
import { readEarlierSearch, readJob, readTrialLog, readWinners } from "./read-job.js";
import { settleExport, settleProfile } from "./settle-stage.js";
import { claimStage, releaseStage, renewStage, reportProgress } from "./stage-lease.js";

/** Job rows in Postgres. */
export function makeJobStore(database: Database, sealer: Sealer): JobStore {
  return {
    create: (job, idempotency) => createJob(database, sealer, job, idempotency),
    submittedWith: (idempotency, apiKeyId) => submittedWith(database, idempotency, apiKeyId),
    get: (id) => readJob(database, id),
    stageInTurn: (stage, wished) => stageInTurn(database, stage, wished),
    claimStage: (id, stage, owner, leaseSeconds) => claimStage(database, id, stage, owner, leaseSeconds),
    renewStage: (id, epoch, leaseSeconds) => renewStage(database, id, epoch, leaseSeconds),
    releaseStage: (id, epoch, reason) => releaseStage(database, id, epoch, reason),
    reportProgress: (id, epoch, progress) => reportProgress(database, id, epoch, progress),
    settleProfile: (id, epoch, outcome) => settleProfile(database, id, epoch, outcome),
    settleExport: (id, epoch, outcome) => settleExport(database, id, epoch, outcome),
    fail: (id, failure, epoch) => failJob(database, id, failure, epoch),
    cancel: (id) => cancelJob(database, id),
    pause: (id) => pauseJob(database, id),
    pauseStage: (id, epoch, reason) => pauseStage(database, id, epoch, reason),
    resume: (id) => resumeJob(database, id),
    finish: (id) => finishJob(database, id),
    delete: (id) => deleteJob(database, id),
    winners: (id) => readWinners(database, id),
    trialLog: (id) => readTrialLog(database, id),
    earlierSearch: (id, limit) => readEarlierSearch(database, id, limit),
  };
}
