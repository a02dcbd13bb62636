import type { MessageId } from "@espalier/contracts";
import type { DueDelivery } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { transact } from "../database/transact.js";
import type { Sealer } from "../secrets/seal.js";
import { share } from "./fair-share.js";

/** First key of the advisory locks by which claims for one host wait for each other; the second is the host's hash. */
const HOST_LOCKS = 7001;

/**
 * Leases a due message to the caller, unless its receiver's host has its share of attempts in flight already. A message
 * whose receiver was disabled after it was written ends here.
 */
export function claimDelivery(
  database: Database,
  sealer: Sealer,
  id: MessageId,
  leaseSeconds: number,
): Promise<DueDelivery | undefined> {
  return transact(database, async (tx) => {
    const [host] = await tx.$queryRaw<{ share: number }[]>`
      SELECT ${share} AS share, pg_advisory_xact_lock(${HOST_LOCKS}::int, hashtext(d.host))::text
      FROM deliveries AS d LEFT JOIN receiver_hosts AS r USING (host) WHERE d.id = ${id} AND d.state = 'pending'`;
    if (!host) return undefined;
    // A statement of its own, so that it sees what the lock was waited for.
    const [row] = await tx.$queryRaw<ClaimedRow[]>`
      UPDATE deliveries AS d SET lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      WHERE id = ${id} AND state = 'pending' AND next_attempt_at <= clock_timestamp()
        AND (lease_until IS NULL OR lease_until < clock_timestamp())
        AND ${host.share} > (SELECT count(*) FROM deliveries AS other
          WHERE other.host = d.host AND other.state = 'pending' AND other.lease_until > clock_timestamp())
      RETURNING endpoint_id AS "endpointId", job_webhook_id::text AS "jobWebhookId", body,
        attempts - earlier_attempts + 1 AS attempt,
        extract(epoch FROM clock_timestamp() - next_attempt_at)::float8 AS "delaySeconds",
        (SELECT trace_parent FROM jobs WHERE jobs.id = d.job_id) AS "traceParent"`;
    if (!row) return undefined;
    const receiver = await findReceiver(tx, row);
    if (!receiver.enabled) return end(tx, id);
    const secrets = receiver.sealed.flatMap((sealed) => sealer.open(sealed) ?? []);
    const { body, attempt, delaySeconds, traceParent } = row;
    return { id, url: receiver.url, secrets, body, attempt, delaySeconds, traceParent };
  });
}

interface ClaimedRow {
  readonly endpointId: string | null;
  readonly jobWebhookId: string | null;
  readonly body: string;
  readonly attempt: number;
  readonly delaySeconds: number;
  readonly traceParent: string | null;
}

interface Receiver {
  readonly url: string;
  readonly enabled: boolean;
  /** The current secret, then the previous one while it signs too. */
  readonly sealed: readonly Uint8Array[];
}

async function findReceiver(tx: Transaction, { endpointId, jobWebhookId }: ClaimedRow): Promise<Receiver> {
  const [row] = await tx.$queryRaw<
    { url: string; enabled: boolean; secret: Uint8Array; previous: Uint8Array | null }[]
  >`
    SELECT url, enabled, secret,
      CASE WHEN previous_secret_until > clock_timestamp() THEN previous_secret END AS previous
    FROM webhook_endpoints WHERE id = ${endpointId}
    UNION ALL SELECT url, enabled, secret, NULL FROM job_webhooks WHERE id = ${jobWebhookId}::uuid`;
  if (!row) throw new RangeError(`a delivery without its receiver: ${endpointId ?? jobWebhookId}`);
  const { url, enabled, secret, previous } = row;
  return { url, enabled, sealed: previous === null ? [secret] : [secret, previous] };
}

async function end(tx: Transaction, id: MessageId): Promise<undefined> {
  await tx.$executeRaw`
    UPDATE deliveries SET state = 'exhausted', next_attempt_at = NULL, lease_until = NULL WHERE id = ${id}`;
  return undefined;
}
