import type { WebhookBody } from "@espalier/contracts";
import { json } from "../database/json.js";

/** Bodies stay below 20 KB. */
const MAX_BYTES = 20_000;

/** Text that is signed and sent. What would be too long names its event alone: the rest is read from the job's events. */
export function webhookBodyText({ type, timestamp, data }: WebhookBody): string {
  const text = json({ type, timestamp, data });
  if (Buffer.byteLength(text) < MAX_BYTES) return text;
  const { sequence, job_id } = data;
  return json({ type, timestamp, data: { sequence, job_id, truncated: true } });
}
