import type { MessageId } from "@espalier/contracts";
import type { DueDeliveries } from "@espalier/pipeline";
import type { Database } from "../database/connect.js";
import { isSlow, share } from "./fair-share.js";

/**
 * What may be tried now, by the pace of its receiver's host, the longest due first. The index is walked from host to host,
 * and of each no more is taken than it may have in flight: the thousand messages of one receiver cost as much as one.
 */
export async function dueDeliveries(database: Database, { pace, limit }: DueDeliveries): Promise<MessageId[]> {
  const rows = await database.$queryRaw<{ id: MessageId }[]>`
    WITH RECURSIVE hosts AS (
      (SELECT host FROM deliveries WHERE state = 'pending' ORDER BY host LIMIT 1)
      UNION ALL
      SELECT (SELECT d.host FROM deliveries AS d WHERE d.state = 'pending' AND d.host > hosts.host ORDER BY d.host LIMIT 1)
      FROM hosts WHERE hosts.host IS NOT NULL
    )
    SELECT due.id FROM hosts LEFT JOIN receiver_hosts AS r USING (host)
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS attempts FROM deliveries AS d
      WHERE d.host = hosts.host AND d.state = 'pending' AND d.lease_until > now()
    ) AS in_flight
    CROSS JOIN LATERAL (
      SELECT d.id, d.next_attempt_at FROM deliveries AS d
      WHERE d.host = hosts.host AND d.state = 'pending' AND d.next_attempt_at <= now()
        AND (d.lease_until IS NULL OR d.lease_until < now())
      ORDER BY d.next_attempt_at LIMIT greatest(0, ${share} - in_flight.attempts)
    ) AS due
    WHERE ${isSlow} = ${pace === "slow"}
    ORDER BY due.next_attempt_at LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}
