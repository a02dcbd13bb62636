import type { MessageId } from "@espalier/contracts";
import type { DeliveryAttempt, DeliveryStore } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { transact } from "../database/transact.js";

type Next = Parameters<DeliveryStore["settle"]>[2];

interface SettledRow {
  readonly attempts: number;
  readonly host: string;
  readonly endpointId: string | null;
  readonly jobWebhookId: string | null;
}

/** Logs an attempt, keeps how long it took, and decides what becomes of the message and of its receiver. */
export function settleDelivery(database: Database, id: MessageId, attempt: DeliveryAttempt, next: Next): Promise<void> {
  return transact(database, async (tx) => {
    const state = next.delivered ? "delivered" : next.retryInSeconds === null ? "exhausted" : "pending";
    const [row] = await tx.$queryRaw<SettledRow[]>`
      UPDATE deliveries SET state = ${state}, attempts = attempts + 1, lease_until = NULL,
        next_attempt_at = CASE WHEN ${state} = 'pending'
          THEN clock_timestamp() + make_interval(secs => ${next.retryInSeconds ?? 0}::float8) END
      WHERE id = ${id} AND state = 'pending' AND lease_until IS NOT NULL
      RETURNING attempts, host, endpoint_id AS "endpointId", job_webhook_id::text AS "jobWebhookId"`;
    if (!row) return;
    const { status, error, durationSeconds } = attempt;
    await tx.deliveryAttempt.create({ data: { deliveryId: id, number: row.attempts, status, error, durationSeconds } });
    await tx.$executeRaw`
      INSERT INTO receiver_hosts (host, last_seconds) VALUES (${row.host}, ${durationSeconds})
      ON CONFLICT (host) DO UPDATE SET last_seconds = EXCLUDED.last_seconds`;
    if (row.endpointId !== null) await judgeEndpoint(tx, row.endpointId, next);
    if (row.jobWebhookId !== null && next.disableEndpoint) await disableJobWebhook(tx, row.jobWebhookId);
  });
}

/** Disables an endpoint that said so (410) or failed for five days without a success; its open messages end. */
async function judgeEndpoint(tx: Transaction, id: string, next: Next): Promise<void> {
  const [endpoint] = await tx.$queryRaw<{ enabled: boolean }[]>`
    UPDATE webhook_endpoints SET
      failing_since = CASE WHEN ${next.delivered} THEN NULL ELSE COALESCE(failing_since, clock_timestamp()) END,
      enabled = enabled AND NOT ${next.disableEndpoint ?? false}
        AND (${next.delivered} OR COALESCE(failing_since > clock_timestamp() - interval '5 days', true))
    WHERE id = ${id} RETURNING enabled`;
  if (!endpoint?.enabled) await endMessagesOf(tx, id);
}

/** Ends the open messages of an endpoint that is disabled; each can be sent again later. */
export async function endMessagesOf(tx: Transaction, endpointId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE deliveries SET state = 'exhausted', next_attempt_at = NULL, lease_until = NULL
    WHERE endpoint_id = ${endpointId} AND state = 'pending'`;
}

async function disableJobWebhook(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`UPDATE job_webhooks SET enabled = false WHERE id = ${id}::uuid`;
  await tx.$executeRaw`
    UPDATE deliveries SET state = 'exhausted', next_attempt_at = NULL, lease_until = NULL
    WHERE job_webhook_id = ${id}::uuid AND state = 'pending'`;
}
