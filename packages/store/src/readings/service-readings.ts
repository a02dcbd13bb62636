import { type JobState, jobStates, type WorkKind } from "@espalier/contracts";
import type { Database } from "../database/connect.js";

/** Open work of one kind: what nobody holds and is due, what a worker holds, and what is due later. */
export interface OpenWork {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** Since when the oldest that waits has been due; 0 without any. */
  readonly oldestSeconds: number;
}

export type OpenWorkByKind = Readonly<Record<WorkKind, OpenWork>>;

/** What operators watch, counted over all jobs. */
export interface ServiceReading {
  readonly jobs: Readonly<Record<JobState, number>>;
  readonly work: OpenWorkByKind;
  /** Age of the oldest webhook message that is still to be delivered; 0 without any. */
  readonly outboxOldestSeconds: number;
}

export interface ServiceReadings {
  /** Counts over whole tables: callers keep the answer for some seconds. */
  service(): Promise<ServiceReading>;
  /** Counts what is open; callers keep the answer for some seconds. */
  work(): Promise<OpenWorkByKind>;
}

interface WorkRow extends OpenWork {
  readonly kind: WorkKind;
}

/** Readings for metrics and status; no identifiers of jobs, keys or receivers. */
export function makeServiceReadings(database: Database): ServiceReadings {
  const work = async (): Promise<OpenWorkByKind> => {
    const rows = await openWork(database);
    const of = (kind: WorkKind): OpenWork => {
      const { waiting = 0, active = 0, delayed = 0, oldestSeconds = 0 } = rows.find((row) => row.kind === kind) ?? {};
      return { waiting, active, delayed, oldestSeconds };
    };
    return { profile: of("profile"), trial: of("trial"), export: of("export"), webhook: of("webhook") };
  };
  return {
    work,
    async service() {
      const [states, openNow, [outbox]] = await Promise.all([
        database.$queryRaw<{ state: JobState; count: number }[]>`
          SELECT state, count(*)::int AS count FROM jobs GROUP BY state`,
        work(),
        database.$queryRaw<{ seconds: number }[]>`
          SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS seconds
          FROM deliveries WHERE state = 'pending'`,
      ]);
      const none = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>;
      const jobs = { ...none, ...Object.fromEntries(states.map(({ state, count }) => [state, count])) };
      return { jobs, work: openNow, outboxOldestSeconds: outbox?.seconds ?? 0 };
    },
  };
}

/**
 * As reconciliation and dispatch see it: what no live lease holds waits, or is delayed until its next attempt. What a lost
 * worker held is due since its lease ended. Bounded by the work that is open, not by the trials that jobs have.
 */
const openWork = (database: Database) =>
  database.$queryRaw<WorkRow[]>`
    WITH work (kind, held, delayed, since) AS (
      SELECT CASE WHEN state = 'exporting' THEN 'export' ELSE 'profile' END,
        COALESCE(stage_lease_until >= clock_timestamp(), false), false,
        COALESCE(stage_lease_until, CASE WHEN state = 'exporting' THEN updated_at ELSE created_at END)
      FROM jobs WHERE state IN ('queued', 'profiling', 'exporting')
      UNION ALL
      SELECT 'trial', COALESCE(t.lease_until >= clock_timestamp(), false), false, COALESCE(t.lease_until, t.created_at)
      FROM jobs AS j JOIN trials AS t ON t.job_id = j.id
      WHERE j.state = 'searching' AND t.state IN ('waiting', 'running')
      UNION ALL
      SELECT 'export', COALESCE(e.lease_until >= clock_timestamp(), false), false,
        COALESCE(e.lease_until, e.created_at)
      FROM exports AS e JOIN jobs AS j ON j.id = e.job_id WHERE e.state = 'pending' AND j.deleted_at IS NULL
      UNION ALL
      SELECT 'webhook', COALESCE(lease_until >= clock_timestamp(), false), next_attempt_at > clock_timestamp(),
        next_attempt_at
      FROM deliveries WHERE state = 'pending'
    )
    SELECT kind, count(*) FILTER (WHERE held)::int AS active, count(*) FILTER (WHERE NOT held AND delayed)::int AS delayed,
      count(*) FILTER (WHERE NOT held AND NOT delayed)::int AS waiting,
      GREATEST(extract(epoch FROM clock_timestamp() - min(since) FILTER (WHERE NOT held AND NOT delayed)), 0)::float8
        AS "oldestSeconds"
    FROM work GROUP BY kind`;
