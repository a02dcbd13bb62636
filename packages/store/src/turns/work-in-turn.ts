import type { JobId } from "@espalier/contracts";
import type { Stage, TrialRef } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { owner, type WorkKind } from "./owner.js";

/** Jobs (as `j`) that may have due work of a kind; literal, so that the partial indexes serve. */
const isOpen = {
  profile: Prisma.sql`j.state IN ('queued', 'profiling')`,
  export: Prisma.sql`j.state = 'exporting'`,
  trial: Prisma.sql`j.state = 'searching'`,
} as const satisfies Record<WorkKind, Prisma.Sql>;

const isStageFree = Prisma.sql`(j.stage_lease_until IS NULL OR j.stage_lease_until < clock_timestamp())`;
const isTrialFree = Prisma.sql`t.state IN ('waiting', 'running') AND (t.lease_until IS NULL OR t.lease_until < clock_timestamp())`;

/** A stage that nobody holds, of the owner whose turn it is: the wished one if it is theirs, else their oldest. */
export async function stageInTurn(database: Database, stage: Stage, wished: JobId): Promise<JobId | undefined> {
  const candidates = Prisma.sql`
    (SELECT j.id, 0 AS place FROM jobs AS j
      WHERE j.id = ${wished} AND ${isOpen[stage]} AND ${isStageFree} AND ${owner} = owners.owner)
    UNION ALL
    (SELECT j.id, 1 FROM jobs AS j WHERE ${isOpen[stage]} AND ${isStageFree} AND ${owner} = owners.owner
      ORDER BY j.created_at, j.id LIMIT 1)`;
  const [next] = await inTurn<{ id: JobId }>(database, stage, candidates);
  return next?.id;
}

/** A trial that nobody holds, of the owner whose turn it is: the wished one if it is theirs, else of their oldest job. */
export async function trialInTurn(database: Database, wished: TrialRef): Promise<TrialRef | undefined> {
  const candidates = Prisma.sql`
    (SELECT t.job_id AS "jobId", t.number, 0 AS place FROM trials AS t JOIN jobs AS j ON j.id = t.job_id
      WHERE t.job_id = ${wished.jobId} AND t.number = ${wished.number} AND ${isOpen.trial} AND ${isTrialFree}
        AND ${owner} = owners.owner)
    UNION ALL
    (SELECT j.id, free.number, 1 FROM jobs AS j CROSS JOIN LATERAL (
        SELECT t.number FROM trials AS t WHERE t.job_id = j.id AND ${isTrialFree} ORDER BY t.number LIMIT 1
      ) AS free
      WHERE ${isOpen.trial} AND ${owner} = owners.owner ORDER BY j.created_at, j.id LIMIT 1)`;
  const [next] = await inTurn<TrialRef>(database, "trial", candidates);
  return next && { jobId: next.jobId, number: next.number };
}

/**
 * The first candidate of the owner that was served longest ago. The index is walked from owner to owner, so that ten
 * thousand jobs of one cost as much as one.
 */
const inTurn = <Row>(database: Database, kind: WorkKind, candidates: Prisma.Sql): Promise<Row[]> =>
  database.$queryRaw<Row[]>`
    WITH RECURSIVE owners (owner) AS (
      (SELECT ${owner} FROM jobs AS j WHERE ${isOpen[kind]} ORDER BY 1 LIMIT 1)
      UNION ALL
      SELECT (SELECT ${owner} FROM jobs AS j WHERE ${isOpen[kind]} AND ${owner} > owners.owner ORDER BY 1 LIMIT 1)
      FROM owners WHERE owners.owner IS NOT NULL
    )
    SELECT work.* FROM owners LEFT JOIN work_turns AS turn ON turn.kind = ${kind} AND turn.owner = owners.owner
    CROSS JOIN LATERAL (SELECT * FROM (${candidates}) AS candidates ORDER BY place LIMIT 1) AS work
    ORDER BY turn.served_at NULLS FIRST, owners.owner LIMIT 1`;
