import { type JobState, jobStates } from "@espalier/contracts";
import type { Database } from "../database/connect.js";

/** What operators watch, counted over all jobs. */
export interface ServiceReading {
  readonly jobs: Readonly<Record<JobState, number>>;
  /** Work that is due and nobody holds, and since when the oldest has been due. */
  readonly work: Readonly<
    Record<"profile" | "trial" | "export" | "webhook", { readonly waiting: number; readonly oldestSeconds: number }>
  >;
  /** Age of the oldest webhook message that is still to be delivered; 0 without any. */
  readonly outboxOldestSeconds: number;
}

export interface ServiceReadings {
  /** Counts over whole tables: callers keep the answer for some seconds. */
  service(): Promise<ServiceReading>;
}

interface Due {
  readonly waiting: number;
  readonly oldestSeconds: number;
}

interface DueRow extends Due {
  readonly kind: keyof ServiceReading["work"];
}

/** Readings for metrics; no identifiers of jobs, keys or receivers. */
export function makeServiceReadings(database: Database): ServiceReadings {
  return {
    async service() {
      const [states, due, [outbox]] = await Promise.all([
        database.$queryRaw<{ state: JobState; count: number }[]>`
          SELECT state, count(*)::int AS count FROM jobs GROUP BY state`,
        dueWork(database),
        database.$queryRaw<{ seconds: number }[]>`
          SELECT COALESCE(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS seconds
          FROM deliveries WHERE state = 'pending'`,
      ]);
      const none = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>;
      const jobs = { ...none, ...Object.fromEntries(states.map(({ state, count }) => [state, count])) };
      const of = (kind: DueRow["kind"]): Due => {
        const { waiting = 0, oldestSeconds = 0 } = due.find((row) => row.kind === kind) ?? {};
        return { waiting, oldestSeconds };
      };
      const work = { profile: of("profile"), trial: of("trial"), export: of("export"), webhook: of("webhook") };
      return { jobs, work, outboxOldestSeconds: outbox?.seconds ?? 0 };
    },
  };
}

/** As reconciliation and dispatch see it: no live lease. What a lost worker held is due since its lease ended. */
const dueWork = (database: Database) =>
  database.$queryRaw<DueRow[]>`
    WITH due (kind, since) AS (
      SELECT CASE WHEN state = 'exporting' THEN 'export' ELSE 'profile' END,
        COALESCE(stage_lease_until, CASE WHEN state = 'exporting' THEN updated_at ELSE created_at END)
      FROM jobs WHERE state IN ('queued', 'profiling', 'exporting')
        AND (stage_lease_until IS NULL OR stage_lease_until < clock_timestamp())
      UNION ALL
      SELECT 'trial', COALESCE(t.lease_until, t.created_at) FROM jobs AS j JOIN trials AS t ON t.job_id = j.id
      WHERE j.state = 'searching' AND t.state IN ('waiting', 'running')
        AND (t.lease_until IS NULL OR t.lease_until < clock_timestamp())
      UNION ALL
      SELECT 'export', COALESCE(e.lease_until, e.created_at) FROM exports AS e JOIN jobs AS j ON j.id = e.job_id
      WHERE e.state = 'pending' AND j.deleted_at IS NULL
        AND (e.lease_until IS NULL OR e.lease_until < clock_timestamp())
      UNION ALL
      SELECT 'webhook', next_attempt_at FROM deliveries
      WHERE state = 'pending' AND next_attempt_at <= clock_timestamp()
        AND (lease_until IS NULL OR lease_until < clock_timestamp())
    )
    SELECT kind, count(*)::int AS waiting,
      GREATEST(extract(epoch FROM clock_timestamp() - min(since)), 0)::float8 AS "oldestSeconds"
    FROM due GROUP BY kind`;
