import { createEndpointAnswer, deliveryView, endpointView, page, rotateSecretAnswer } from "@espalier/contracts";
import { z } from "zod";
import { posted } from "./posted.js";

const endpointPage = page(endpointView);
const deliveryPage = page(deliveryView);
const deliveryAnswer = z.strictObject({ delivery: deliveryView });

/** How one call of the API is made. */
interface Calls {
  json<S extends z.ZodType>(path: string, schema: S, init?: RequestInit): Promise<z.infer<S>>;
  send(path: string, method: string): Promise<unknown>;
}

const pathOf = (id: string, rest = ""): string => `/v1/webhook-endpoints/${encodeURIComponent(id)}${rest}`;
const post: RequestInit = { method: "POST" };

/** Typed calls of registered webhook endpoints. */
export const webhookCalls = ({ json, send }: Calls) => ({
  list: (limit: number) => json(`/v1/webhook-endpoints?limit=${limit}`, endpointPage),
  /** The answer has the secret, this once. */
  create: (body: { readonly url: string; readonly events: readonly string[] | undefined }) =>
    json("/v1/webhook-endpoints", createEndpointAnswer, posted(body)),
  test: (id: string) => json(pathOf(id, "/test"), deliveryAnswer, post),
  /** The answer has the new secret, this once. */
  rotate: (id: string) => json(pathOf(id, "/rotate-secret"), rotateSecretAnswer, post),
  remove: (id: string) => send(pathOf(id), "DELETE"),
  deliveries: (id: string, limit: number) => json(pathOf(id, `/deliveries?limit=${limit}`), deliveryPage),
  redeliver: (id: string, message: string) =>
    json(pathOf(id, `/deliveries/${encodeURIComponent(message)}/redeliver`), deliveryAnswer, post),
});
