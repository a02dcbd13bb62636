import type { ExportProfile, JobId } from "@espalier/contracts";
import type { ExportClaim, GiveBack, Params } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { Prisma } from "../generated/client.js";
import { lockJob } from "../jobs/lock-job.js";
import { readJob } from "../jobs/read-job.js";

interface ClaimedRow {
  readonly trialNumber: number;
  readonly sparsity: number;
  readonly profile: ExportProfile;
  readonly epoch: number;
  readonly failures: number;
  readonly takenOver: boolean;
  readonly params: Params;
  readonly scoringPerplexity: number | null;
}

/** Takes a pending export that nobody holds. */
export function claimExport(
  database: Database,
  id: JobId,
  name: string,
  owner: string,
  leaseSeconds: number,
): Promise<ExportClaim | undefined> {
  return transact(database, async (tx) => {
    if (!(await lockJob(tx, id))) return undefined;
    const [row] = await tx.$queryRaw<ClaimedRow[]>`
      SELECT e.trial_number AS "trialNumber", e.sparsity, e.profile, e.epoch + 1 AS epoch, e.failures,
        e.owner IS NOT NULL AS "takenOver", t.params,
        (SELECT (r.value->>'scoring_perplexity')::float8 FROM jsonb_array_elements(t.results) AS r
          WHERE (r.value->>'sparsity')::float8 = e.sparsity LIMIT 1) AS "scoringPerplexity"
      FROM exports AS e JOIN trials AS t ON t.job_id = e.job_id AND t.number = e.trial_number
      WHERE e.job_id = ${id} AND e.name = ${name} AND e.state = 'pending'
        AND COALESCE(e.lease_until < clock_timestamp(), true)`;
    const job = row && (await readJob(tx, id));
    if (!row || !job) return undefined;
    await tx.$executeRaw`
      UPDATE exports SET epoch = ${row.epoch}, owner = ${owner},
        lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      WHERE job_id = ${id} AND name = ${name}`;
    return { ...row, name, job };
  });
}

/** Condition: the claim with this epoch holds, and its job is there. */
export const isHeld = (id: JobId, name: string, epoch: number): Prisma.Sql => Prisma.sql`
  job_id = ${id} AND name = ${name} AND epoch = ${epoch} AND owner IS NOT NULL
  AND EXISTS (SELECT 1 FROM jobs WHERE id = ${id} AND deleted_at IS NULL)`;

/** Moves the end of the lease while the claim holds. */
export async function renewExport(
  database: Database,
  id: JobId,
  name: string,
  epoch: number,
  leaseSeconds: number,
): Promise<boolean> {
  const renewed = await database.$executeRaw`
    UPDATE exports SET lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE ${isHeld(id, name, epoch)}`;
  return renewed === 1;
}

/** Ends the lease while the claim holds; the export can be claimed at once, with half as many windows after a lack of memory. */
export function releaseExport(
  database: Database,
  id: JobId,
  name: string,
  epoch: number,
  reason: GiveBack,
): Promise<void> {
  const failures = reason === "stopped" ? 0 : 1;
  return transact(database, async (tx) => {
    if (!(await lockJob(tx, id))) return;
    const released = await tx.$executeRaw`
      UPDATE exports SET owner = NULL, lease_until = clock_timestamp() - interval '1 ms', failures = failures + ${failures}
      WHERE ${isHeld(id, name, epoch)}`;
    if (released === 0 || reason !== "out_of_memory") return;
    await tx.$executeRaw`UPDATE jobs SET half_batch = true WHERE id = ${id}`;
  });
}
