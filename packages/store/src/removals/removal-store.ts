import type { JobId } from "@espalier/contracts";
import type { Removal, RemovalStore, StatisticsUse } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { Prisma } from "../generated/client.js";
import { withStatisticsToMyself } from "../jobs/statistics-lock.js";

/** Children before what they point to, so that no cascade has much to do. */
const TABLES = [
  "sorted_values",
  "sorted_parameters",
  "superseded_results",
  "improving_trials",
  "front_results",
  "best_results",
  "trials",
  "events",
] as const;

/** Rows of one statement: it takes well under a second. */
const BATCH = 5_000;

/**
 * Deleted jobs that may go for good. A worker that was suspended may still write files of a cancelled job or of an
 * export, whose rows stay until then, and an idempotency key that is repeated must not make the job again.
 */
const mayGo = Prisma.sql`
  deleted_at IS NOT NULL AND finished_at < now() - interval '10 minutes' AND NOT EXISTS (
    SELECT 1 FROM idempotency_keys AS k WHERE k.job_id = jobs.id AND k.expires_at > now()) AND NOT EXISTS (
    SELECT 1 FROM exports AS e WHERE e.job_id = jobs.id AND e.lease_until > now() - interval '10 minutes')`;

/** What deleted jobs leave, in Postgres. */
export function makeRemovalStore(database: Database): RemovalStore {
  return {
    due: (limit) => database.$queryRaw<Removal[]>`
      SELECT id AS "jobId", statistics_key AS "statisticsKey" FROM jobs
      WHERE deleted_at IS NOT NULL AND (emptied_at IS NULL OR (${mayGo})) ORDER BY deleted_at LIMIT ${limit}`,
    ifUnused: (key, setAside) => ifUnused(database, key, setAside),
    empty: (id) => empty(database, id),
    async forget(id) {
      await database.$executeRaw`DELETE FROM jobs WHERE id = ${id} AND emptied_at IS NOT NULL AND ${mayGo}`;
    },
  };
}

function ifUnused(database: Database, key: string, setAside: () => Promise<void>): Promise<StatisticsUse> {
  return transact(database, async (tx) => {
    await withStatisticsToMyself(tx);
    const [use] = await tx.$queryRaw<{ needed: boolean; unknown: boolean }[]>`
      SELECT
        EXISTS (SELECT 1 FROM jobs WHERE statistics_key = ${key} AND deleted_at IS NULL) AS needed,
        EXISTS (SELECT 1 FROM jobs WHERE state IN ('profiling', 'searching', 'paused', 'exporting')
          AND statistics_key IS NULL) AS unknown`;
    if (!use || use.needed) return "needed";
    if (use.unknown) return "unknown";
    await setAside();
    return "unused";
  });
}

const isOf = (table: (typeof TABLES)[number], id: JobId): Prisma.Sql =>
  table === "sorted_values"
    ? Prisma.sql`parameter_id IN (SELECT id FROM sorted_parameters WHERE job_id = ${id})`
    : Prisma.sql`job_id = ${id}`;

async function empty(database: Database, id: JobId): Promise<void> {
  for (const name of TABLES) {
    const table = Prisma.raw(name);
    let removed = BATCH;
    while (removed === BATCH) {
      removed = await database.$executeRaw`
        DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM ${table} WHERE ${isOf(name, id)} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`;
    }
  }
  await database.$executeRaw`
    UPDATE jobs SET emptied_at = clock_timestamp() WHERE id = ${id} AND deleted_at IS NOT NULL AND emptied_at IS NULL`;
}
