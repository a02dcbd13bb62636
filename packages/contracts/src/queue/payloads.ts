import { z } from "zod";
import { jobId, messageId } from "../ids.js";

/** Messages carry ids only; the row is the truth. New fields stay optional for one release. */
export const profilePayload = z.object({ job_id: jobId });
export const trialPayload = z.object({ job_id: jobId, number: z.number().int().min(0) });
export const exportPayload = z.object({ job_id: jobId });
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
