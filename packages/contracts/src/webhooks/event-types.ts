import { z } from "zod";

export const webhookEventTypes = [
  "job.started",
  "job.progress",
  "job.pareto_updated",
  "job.succeeded",
  "job.failed",
  "job.cancelled",
  "artifact.ready",
  "endpoint.test",
] as const;
export const webhookEventType = z.enum(webhookEventTypes);
export type WebhookEventType = z.infer<typeof webhookEventType>;
