import { type JobEventType, type JobId, type WebhookEventType, webhookEventTypes } from "@espalier/contracts";
import type { Transaction } from "../database/connect.js";
import { json } from "../database/json.js";
import { writeDeliveries } from "../deliveries/outbox.js";
import { webhookBodyText } from "./webhook-body.js";

export interface NewEvent {
  readonly type: JobEventType;
  /** The job's id is added. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Appends events to a job, numbered without gaps: the counter lies on the job's row, which this transaction holds until
 * it commits. Events that webhooks know get their deliveries at once.
 */
export async function appendEvents(tx: Transaction, jobId: JobId, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const [counter] = await tx.$queryRaw<{ last: number; at: Date }[]>`
    UPDATE jobs SET event_sequence = event_sequence + ${events.length}, updated_at = clock_timestamp()
    WHERE id = ${jobId} RETURNING event_sequence AS last, updated_at AS at`;
  if (!counter) throw new RangeError(`events for a job that does not exist: ${jobId}`);
  const rows = events.map(({ type, data }, index) => ({
    sequence: counter.last - events.length + 1 + index,
    type,
    data: { job_id: jobId, ...data },
  }));
  await tx.$executeRaw`
    INSERT INTO events (job_id, sequence, type, data, created_at)
    SELECT ${jobId}, sequence, type, data, ${counter.at}
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS row(sequence int, type text, data jsonb)`;
  for (const { sequence, type, data } of rows) {
    if (!isWebhookEvent(type)) continue;
    const body = webhookBodyText({ type, timestamp: counter.at.toISOString(), data: { sequence, ...data } });
    await writeDeliveries(tx, jobId, type, body);
  }
}

const isWebhookEvent = (type: string): type is WebhookEventType => webhookEventTypes.some((known) => known === type);
