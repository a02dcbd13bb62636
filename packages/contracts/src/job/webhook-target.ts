import { z } from "zod";
import { webhookEventType } from "../webhooks/event-types.js";

export const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,128}={0,2}$/)
  .describe("Signing secret of Standard Webhooks: `whsec_` and 24 to 64 bytes in base64. Write-only");

export const webhookTarget = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .describe("Receives signed POST requests"),
  events: z
    .array(webhookEventType)
    .min(1)
    .max(16)
    .default(["job.succeeded", "job.failed", "job.cancelled"])
    .describe("Event types to send"),
  secret: webhookSecret.optional().describe("Default: one is made and returned once, in the answer to this request"),
});
export type WebhookTarget = z.infer<typeof webhookTarget>;
