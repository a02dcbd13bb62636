import type { EventView, HistoryView } from "@espalier/contracts";
import type { Observed } from "../harness/place.js";

/** 10: best so far never gets worse, by number in the history and by time in the events, and is the best in the end. */
export async function bestNeverWorse({ database, client }: Observed, ids: readonly string[]) {
  const rows = await database.query<{ what: string }>(`
    SELECT format('%s: best score %s, but %s among its trials', j.id, j.best_score, min(t.score)) AS what
    FROM jobs j JOIN trials t ON t.job_id = j.id AND t.state = 'completed' GROUP BY j.id
    HAVING j.best_score IS DISTINCT FROM min(t.score)
    UNION ALL
    SELECT format('%s: %s of event %s is worse than before', job_id, best, sequence) FROM (
      SELECT job_id, sequence, (data->>'best')::float8 AS best,
        min((data->>'best')::float8) OVER (PARTITION BY job_id ORDER BY sequence) AS least
      FROM events WHERE type = 'trial.settled') AS settled
    WHERE best > least`);
  const told = rows.map(({ what }) => what);
  for (const id of ids) {
    const { trials } = await client.get<HistoryView>(`/v1/jobs/${id}/history`);
    const course = trials.map(({ best_score }) => best_score ?? Number.POSITIVE_INFINITY);
    if (course.some((best, index) => index > 0 && best > course[index - 1])) told.push(`${id}: history ${course}`);
    const { data } = await client.get<{ data: EventView[] }>(`/v1/jobs/${id}/events?limit=200`);
    if (JSON.stringify([trials, data]).match(/"-?(NaN|Infinity)"/)) told.push(`${id}: a NaN`);
  }
  return told;
}
