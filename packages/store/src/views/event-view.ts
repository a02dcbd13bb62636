import type { EventView, JobEventType, JobId } from "@espalier/contracts";
import type { Database } from "../database/connect.js";
import { Prisma } from "../generated/client.js";
import { checkJobExists, jobIsThere } from "./job-view.js";
import type { EventsQuery } from "./views.js";

interface EventRow {
  readonly sequence: number;
  readonly type: JobEventType;
  readonly data: Record<string, unknown>;
  readonly createdAt: Date;
}

/** Events after a sequence number, ascending; of one trial where the query names it. */
export async function readEvents(
  database: Database,
  jobId: JobId,
  { after, limit, trial }: EventsQuery,
): Promise<readonly EventView[]> {
  // In the words of the index `events_trial`, which else is not used.
  const ofTrial =
    trial === undefined
      ? Prisma.sql`true`
      : Prisma.sql`type IN ('trial.settled', 'trial.superseded') AND (data->>'number')::int = ${trial}::int`;
  const rows = await database.$queryRaw<EventRow[]>`
    SELECT sequence, type, data, created_at AS "createdAt" FROM events
    WHERE job_id = ${jobId} AND sequence > ${after}::bigint AND ${ofTrial} AND ${jobIsThere(jobId)} ORDER BY sequence LIMIT ${limit}`;
  if (rows.length === 0) await checkJobExists(database, jobId);
  return rows.map(({ sequence, type, data, createdAt }) => ({
    sequence,
    type,
    timestamp: createdAt.toISOString(),
    data,
  }));
}
