import type { MessageId } from "@espalier/contracts";
import type { DeliveryAttempt, DeliveryStore, DueDelivery } from "@espalier/pipeline";
import type { Database, Transaction } from "../database/connect.js";
import { transact } from "../database/transact.js";
import { open } from "../secrets/seal.js";

/** The outbox in Postgres. */
export function makeDeliveryStore(database: Database, secretKey: Uint8Array): DeliveryStore {
  return {
    claim: (id, leaseSeconds) => claim(database, secretKey, id, leaseSeconds),
    settle: (id, attempt, next) => settle(database, id, attempt, next),
  };
}

async function claim(
  database: Database,
  secretKey: Uint8Array,
  id: MessageId,
  leaseSeconds: number,
): Promise<DueDelivery | undefined> {
  const [row] = await database.$queryRaw<ClaimedRow[]>`
    UPDATE deliveries SET lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE id = ${id} AND state = 'pending' AND next_attempt_at <= clock_timestamp()
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    RETURNING endpoint_id AS "endpointId", job_webhook_id::text AS "jobWebhookId", body, attempts + 1 AS attempt`;
  if (!row) return undefined;
  const receiver =
    row.endpointId === null
      ? await database.jobWebhook.findUnique({ where: { id: row.jobWebhookId ?? "" } })
      : await database.webhookEndpoint.findUnique({ where: { id: row.endpointId } });
  if (!receiver?.enabled) return undefined; // removed or disabled since: its messages end with it
  return { id, url: receiver.url, secret: open(secretKey, receiver.secret), body: row.body, attempt: row.attempt };
}

interface ClaimedRow {
  readonly endpointId: string | null;
  readonly jobWebhookId: string | null;
  readonly body: string;
  readonly attempt: number;
}

type Next = Parameters<DeliveryStore["settle"]>[2];

function settle(database: Database, id: MessageId, attempt: DeliveryAttempt, next: Next): Promise<void> {
  return transact(database, async (tx) => {
    const state = next.delivered ? "delivered" : next.retryInSeconds === null ? "exhausted" : "pending";
    const [row] = await tx.$queryRaw<SettledRow[]>`
      UPDATE deliveries SET state = ${state}, attempts = attempts + 1, lease_until = NULL,
        next_attempt_at = CASE WHEN ${state} = 'pending'
          THEN clock_timestamp() + make_interval(secs => ${next.retryInSeconds ?? 0}::float8) END
      WHERE id = ${id} AND state = 'pending' AND lease_until IS NOT NULL
      RETURNING attempts, endpoint_id AS "endpointId", job_webhook_id::text AS "jobWebhookId"`;
    if (!row) return;
    const { status, error, durationSeconds } = attempt;
    await tx.deliveryAttempt.create({ data: { deliveryId: id, number: row.attempts, status, error, durationSeconds } });
    if (row.endpointId !== null) await judgeEndpoint(tx, row.endpointId, next);
    if (row.jobWebhookId !== null && next.disableEndpoint) await disableJobWebhook(tx, row.jobWebhookId);
  });
}

interface SettledRow {
  readonly attempts: number;
  readonly endpointId: string | null;
  readonly jobWebhookId: string | null;
}

/** Disables an endpoint that said so (410) or failed for five days without a success; its open messages end. */
async function judgeEndpoint(tx: Transaction, id: string, next: Next): Promise<void> {
  const [endpoint] = await tx.$queryRaw<{ enabled: boolean }[]>`
    UPDATE webhook_endpoints SET
      failing_since = CASE WHEN ${next.delivered} THEN NULL ELSE COALESCE(failing_since, clock_timestamp()) END,
      enabled = enabled AND NOT ${next.disableEndpoint ?? false}
        AND (${next.delivered} OR COALESCE(failing_since > clock_timestamp() - interval '5 days', true))
    WHERE id = ${id} RETURNING enabled`;
  if (endpoint?.enabled) return;
  await tx.$executeRaw`
    UPDATE deliveries SET state = 'exhausted', next_attempt_at = NULL WHERE endpoint_id = ${id} AND state = 'pending'`;
}

async function disableJobWebhook(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`UPDATE job_webhooks SET enabled = false WHERE id = ${id}::uuid`;
  await tx.$executeRaw`
    UPDATE deliveries SET state = 'exhausted', next_attempt_at = NULL
    WHERE job_webhook_id = ${id}::uuid AND state = 'pending'`;
}
