import { z } from "zod";
import { jobId, messageId } from "../ids.js";

/**
 * How often the work was claimed before. A message that woke a worker for other work is in hand as long as that takes; what
 * it named may be given back meanwhile, and needs a message with another id.
 */
const epoch = z.number().int().min(0).optional();

/** Messages carry ids only; the row is the truth. New fields stay optional for one release. */
export const profilePayload = z.object({ job_id: jobId, epoch });
export const trialPayload = z.object({ job_id: jobId, number: z.number().int().min(0), epoch });
/** With a name it is one more export of a search that is over; without, the one that ends the job. */
export const exportPayload = z.object({ job_id: jobId, epoch, name: z.string().max(256).optional() });
export const webhookPayload = z.object({ delivery_id: messageId });

export const queuePayloads = {
  profile: profilePayload,
  trial: trialPayload,
  export: exportPayload,
  webhook: webhookPayload,
  slow_webhook: webhookPayload,
} as const;
export type QueueName = keyof typeof queuePayloads;
export const queueNames = Object.keys(queuePayloads) as readonly QueueName[];
export type QueuePayload<N extends QueueName> = z.infer<(typeof queuePayloads)[N]>;
