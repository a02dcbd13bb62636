import { type JobId, newMessageId, type WebhookEventType } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { json } from "../database/json.js";
import { receiverHost } from "./receiver-host.js";

interface Receiver {
  readonly jobWebhookId: string | null;
  readonly endpointId: string | null;
  readonly url: string;
}

interface Message {
  /** Null for a message that no job caused. */
  readonly jobId: JobId | null;
  readonly type: WebhookEventType;
  readonly body: string;
}

/** Writes one message per receiver that asked for this event: the job's own webhooks and enabled registered endpoints. */
export async function writeDeliveries(
  tx: Transaction,
  jobId: JobId,
  type: WebhookEventType,
  body: string,
): Promise<void> {
  const receivers = await tx.$queryRaw<Receiver[]>`
    SELECT id::text AS "jobWebhookId", NULL AS "endpointId", url FROM job_webhooks
    WHERE job_id = ${jobId} AND enabled AND ${type} = ANY (events)
    UNION ALL
    SELECT NULL, id, url FROM webhook_endpoints WHERE enabled AND ${type} = ANY (events)`;
  if (receivers.length > 0) await insertDeliveries(tx, { jobId, type, body }, receivers);
}

/** Due at once by the database's clock, whatever this machine's says. Returns the ids in the receivers' order. */
export async function insertDeliveries(
  tx: Transaction,
  { jobId, type, body }: Message,
  receivers: readonly Receiver[],
) {
  const rows = receivers.map(({ url, ...receiver }) => ({ id: newMessageId(), host: receiverHost(url), ...receiver }));
  await tx.$executeRaw`
    INSERT INTO deliveries (id, job_id, job_webhook_id, endpoint_id, host, event_type, body, next_attempt_at)
    SELECT id, ${jobId}, "jobWebhookId", "endpointId", host, ${type}, ${body}, date_trunc('milliseconds', clock_timestamp())
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS row(id text, host text, "jobWebhookId" uuid, "endpointId" text)`;
  return rows.map(({ id }) => id);
}
