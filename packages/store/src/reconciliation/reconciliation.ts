import type { JobId } from "@espalier/contracts";
import type { DueWork, Reconciliation } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";

/**
 * Finds work that nobody holds. An expired lease is not cleared here: it is free to claim as it is, and as long as nobody
 * did, the late result of its holder still counts.
 */
export function makeReconciliation(database: Database): Reconciliation {
  return {
    async dueWork(limit): Promise<DueWork> {
      const [stages, trials, laterExports] = await Promise.all([
        dueStages(database, limit),
        dueTrials(database, limit),
        dueExports(database, limit),
      ]);
      return {
        profile: stages.filter(({ state }) => state !== "exporting").map(({ jobId, epoch }) => ({ jobId, epoch })),
        export: stages.filter(({ state }) => state === "exporting").map(({ jobId, epoch }) => ({ jobId, epoch })),
        laterExports,
        trials,
      };
    },
  };
}

/** `limit` of each kind: many queued jobs must not hide an export. */
const dueStages = (database: Database, limit: number) =>
  database.$queryRaw<{ jobId: JobId; epoch: number; state: string }[]>`
    (SELECT id AS "jobId", stage_epoch AS epoch, state FROM jobs WHERE state IN ('queued', 'profiling')
      AND (stage_lease_until IS NULL OR stage_lease_until < now()) ORDER BY created_at LIMIT ${limit})
    UNION ALL
    (SELECT id AS "jobId", stage_epoch AS epoch, state FROM jobs WHERE state = 'exporting'
      AND (stage_lease_until IS NULL OR stage_lease_until < now()) ORDER BY created_at LIMIT ${limit})`;

const dueExports = (database: Database, limit: number) =>
  database.$queryRaw<{ jobId: JobId; name: string; epoch: number }[]>`
    SELECT e.job_id AS "jobId", e.name, e.epoch FROM exports AS e JOIN jobs AS j ON j.id = e.job_id
    WHERE e.state = 'pending' AND (e.lease_until IS NULL OR e.lease_until < now()) AND j.deleted_at IS NULL
    ORDER BY e.created_at LIMIT ${limit}`;

const dueTrials = (database: Database, limit: number) =>
  database.$queryRaw<{ jobId: JobId; number: number; epoch: number }[]>`
    SELECT t.job_id AS "jobId", t.number, t.epoch FROM jobs AS j JOIN trials AS t ON t.job_id = j.id
    WHERE j.state = 'searching' AND t.state IN ('waiting', 'running')
      AND (t.lease_until IS NULL OR t.lease_until < now())
    ORDER BY j.created_at, t.number LIMIT ${limit}`;
