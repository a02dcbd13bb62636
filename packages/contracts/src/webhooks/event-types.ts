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
export const webhookEventType = z
  .enum(webhookEventTypes)
  .describe(
    "`job.progress` comes at most once a minute, `job.pareto_updated` at most every ten seconds until the search pauses or ends",
  );
export type WebhookEventType = z.infer<typeof webhookEventType>;
