import type { EventView } from "@espalier/contracts";
import type { Observed } from "../harness/place.js";

/** 4: the events of a job are numbered without gaps, in the rows and for a client that pages through them. */
export async function contiguousEvents({ database, client }: Observed, ids: readonly string[]) {
  const gaps = await database.query<{ what: string }>(`
    SELECT format('%s: %s events from %s to %s, %s counted', j.id, count(e), min(sequence), max(sequence),
      j.event_sequence) AS what
    FROM jobs j LEFT JOIN events e ON e.job_id = j.id GROUP BY j.id
    HAVING min(sequence) <> 1 OR count(e) <> max(sequence) OR j.event_sequence <> count(e)`);
  const told = gaps.map(({ what }) => what);
  for (const id of ids) {
    const sequences: number[] = [];
    for (let more = true; more; ) {
      const path = `/v1/jobs/${id}/events?limit=200&after=${sequences.at(-1) ?? 0}`;
      const page = await client.get<{ data: EventView[]; has_more: boolean }>(path);
      sequences.push(...page.data.map(({ sequence }) => sequence));
      more = page.has_more;
    }
    if (sequences.some((sequence, index) => sequence !== index + 1)) told.push(`${id}: a client sees ${sequences}`);
  }
  return told;
}
