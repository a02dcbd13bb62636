import type { BodyOf, ApiClient as TypedClient } from "@espalier/client";
import { answered } from "./answered.js";

const ENDPOINT = "/v1/webhook-endpoints/{id}";
const at = (id: string) => ({ path: { id } });

/** Calls of registered webhook endpoints. */
export const webhookCalls = (api: TypedClient) => ({
  list: (limit: number) => answered(api.GET("/v1/webhook-endpoints", { params: { query: { limit } } })),
  /** The answer has the secret, this once. */
  create: (body: BodyOf<"createWebhookEndpoint">) => answered(api.POST("/v1/webhook-endpoints", { body })),
  test: (id: string) => answered(api.POST(`${ENDPOINT}/test`, { params: at(id) })),
  /** The answer has the new secret, this once. */
  rotate: (id: string) => answered(api.POST(`${ENDPOINT}/rotate-secret`, { params: at(id) })),
  remove: (id: string) => answered(api.DELETE(ENDPOINT, { params: at(id) })),
  deliveries: (id: string, limit: number) =>
    answered(api.GET(`${ENDPOINT}/deliveries`, { params: { ...at(id), query: { limit } } })),
  redeliver: (id: string, delivery_id: string) =>
    answered(api.POST(`${ENDPOINT}/deliveries/{delivery_id}/redeliver`, { params: { path: { id, delivery_id } } })),
});
