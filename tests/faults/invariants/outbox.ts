import type { Observed } from "../harness/place.js";

/** 5: the end of a job is in the outbox once for each receiver that asked for it. */
export async function endInOutbox({ database }: Observed): Promise<readonly string[]> {
  const rows = await database.query<{ what: string }>(`
    SELECT format('%s is %s: the outbox has [%s] for %s', j.id, j.state, string_agg(d.state, ', '), w.url) AS what
    FROM jobs j JOIN job_webhooks w ON w.job_id = j.id AND 'job.' || j.state = ANY (w.events)
    LEFT JOIN deliveries d ON d.job_webhook_id = w.id AND d.event_type = 'job.' || j.state
    WHERE j.state IN ('succeeded', 'failed', 'cancelled')
    GROUP BY j.id, w.id
    HAVING count(d) <> 1 OR bool_or(d.state NOT IN ('delivered', 'pending', 'exhausted'))`);
  return rows.map(({ what }) => what);
}
