import { z } from "zod";
import { endpointId, messageId } from "../ids.js";
import { instant } from "../job/job-view.js";
import { webhookTarget } from "../job/webhook-target.js";
import { webhookEventType } from "./event-types.js";

export const createEndpointBody = webhookTarget;

export const updateEndpointBody = z
  .strictObject({
    url: webhookTarget.shape.url,
    events: webhookTarget.shape.events.unwrap(),
    enabled: z.boolean().describe("True starts the five days anew; false ends the messages that wait"),
  })
  .partial();
export type UpdateEndpointBody = z.infer<typeof updateEndpointBody>;

export const endpointView = z
  .strictObject({
    id: endpointId,
    url: z.string(),
    events: z.array(webhookEventType),
    enabled: z.boolean().describe("False after a 410 answer, or five days of failures alone"),
    failing_since: instant.nullable().describe("First failure since the last success"),
    previous_secret_until: instant.nullable().describe("After a rotation, messages carry both signatures until then"),
    created_at: instant,
  })
  .meta({ id: "WebhookEndpoint" });
export type EndpointView = z.infer<typeof endpointView>;

export const createEndpointAnswer = z.strictObject({
  endpoint: endpointView,
  secret: z.string().optional().describe("Made for this endpoint, shown this once"),
});

export const rotateSecretAnswer = z.strictObject({
  endpoint: endpointView,
  secret: z.string().describe("The new one, shown this once"),
});

export const deliveryView = z
  .strictObject({
    id: messageId,
    event_type: webhookEventType,
    state: z.enum(["pending", "delivered", "exhausted"]),
    attempts: z.array(
      z.strictObject({
        at: instant,
        status: z.number().int().nullable(),
        error: z.string().nullable(),
        duration_seconds: z.number(),
      }),
    ),
    next_attempt_at: instant.nullable(),
    created_at: instant,
  })
  .meta({ id: "WebhookDelivery" });
export type DeliveryView = z.infer<typeof deliveryView>;

/** Body of every webhook: thin, below 20 KB. */
export const webhookBody = z.object({
  type: webhookEventType,
  timestamp: instant,
  data: z.object({ sequence: z.number().int() }).loose(),
});
export type WebhookBody = z.infer<typeof webhookBody>;
