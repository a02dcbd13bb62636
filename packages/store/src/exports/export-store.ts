import type { ExportStore } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { readTrialLog } from "../jobs/read-job.js";
import { askExport, readChoices } from "./ask-export.js";
import { claimExport, releaseExport, renewExport } from "./export-lease.js";
import { failExport, settleLaterExport } from "./settle-export.js";

/** Exports that are asked for once a job has succeeded, in Postgres. */
export function makeExportStore(database: Database): ExportStore {
  return {
    choices: (id, trial) => readChoices(database, id, trial),
    ask: (id, name, key) => askExport(database, id, name, key),
    claim: (id, name, owner, leaseSeconds) => claimExport(database, id, name, owner, leaseSeconds),
    renew: (id, name, epoch, leaseSeconds) => renewExport(database, id, name, epoch, leaseSeconds),
    release: (id, name, epoch, reason) => releaseExport(database, id, name, epoch, reason),
    settle: (id, name, epoch, outcome) => settleLaterExport(database, id, name, epoch, outcome),
    fail: (id, name, epoch, failure) => failExport(database, id, name, epoch, failure),
    trialLog: (id) => readTrialLog(database, id),
  };
}
