import { deliveryView, page, pageQuery } from "@espalier/contracts";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendPage } from "../http/next-link.js";
import { problemResponse } from "../http/responses.js";
import { deliveryParams, endpointParams } from "./path-parameters.js";

const config = { scope: "webhooks:write" } as const;
const tags = ["webhooks"];
const deliveryAnswer = z.strictObject({ delivery: deliveryView });

/** What is and was sent to an endpoint; tests and second tries. All sending goes through the outbox, so 202. */
export function webhookDeliveryRoutes(app: Api, { endpoints }: Pick<ApiDeps, "endpoints">): void {
  app.get(
    "/v1/webhook-endpoints/:id/deliveries",
    {
      config,
      schema: {
        tags,
        operationId: "listWebhookDeliveries",
        summary: "List what was sent to an endpoint",
        params: endpointParams,
        querystring: pageQuery,
        response: { 200: page(deliveryView), ...problemResponse },
      },
    },
    async (request, reply) => sendPage(request, reply, await endpoints.deliveries(request.params.id, request.query)),
  );

  app.post(
    "/v1/webhook-endpoints/:id/test",
    {
      config,
      schema: {
        tags,
        operationId: "testWebhookEndpoint",
        summary: "Send an `endpoint.test` message",
        description:
          "Its attempts stand in the list of deliveries. Whichever events the endpoint asks for, it is sent.",
        params: endpointParams,
        response: { 202: deliveryAnswer, ...problemResponse },
      },
    },
    async ({ params }, reply) => {
      const delivery = await endpoints.test(params.id);
      reply.code(202);
      return { delivery };
    },
  );

  app.post(
    "/v1/webhook-endpoints/:id/deliveries/:delivery_id/redeliver",
    {
      config,
      schema: {
        tags,
        operationId: "redeliverWebhook",
        summary: "Send a message again",
        description:
          "The same body under the same `webhook-id`, with the whole schedule of attempts before it. " +
          "Refused while the message is still being delivered.",
        params: deliveryParams,
        response: { 202: deliveryAnswer, ...problemResponse },
      },
    },
    async ({ params }, reply) => {
      const delivery = await endpoints.redeliver(params.id, params.delivery_id);
      reply.code(202);
      return { delivery };
    },
  );
}
