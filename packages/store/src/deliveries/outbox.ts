import { type JobId, newMessageId, type WebhookEventType } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";

interface Receiver {
  readonly jobWebhookId: string | null;
  readonly endpointId: string | null;
}

/** Writes one message per receiver that asked for this event: the job's own webhooks and enabled registered endpoints. */
export async function writeDeliveries(
  tx: Transaction,
  jobId: JobId,
  type: WebhookEventType,
  body: string,
): Promise<void> {
  const receivers = await tx.$queryRaw<Receiver[]>`
    SELECT id::text AS "jobWebhookId", NULL AS "endpointId" FROM job_webhooks
    WHERE job_id = ${jobId} AND enabled AND ${type} = ANY (events)
    UNION ALL
    SELECT NULL, id FROM webhook_endpoints WHERE enabled AND ${type} = ANY (events)`;
  if (receivers.length === 0) return;
  await tx.delivery.createMany({
    data: receivers.map((receiver) => ({
      id: newMessageId(),
      jobId,
      ...receiver,
      eventType: type,
      body,
      nextAttemptAt: new Date(0), // due at once, whatever this machine's clock says
    })),
  });
}
