import {
  createEndpointAnswer,
  createEndpointBody,
  deliveryView,
  endpointView,
  page,
  pageQuery,
} from "@espalier/contracts";
import { checkUrl } from "@espalier/webhooks";
import { z } from "zod";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendResource } from "../http/etag.js";
import { sendPage } from "../http/next-link.js";
import { problemResponse } from "../http/responses.js";
import { endpointParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "endpoints" | "newSecret" | "webhookPolicy">;

const tags = ["webhooks"];

/** Registered webhook endpoints and the log of what was sent to them. */
export function webhookEndpointRoutes(app: Api, { endpoints, newSecret, webhookPolicy }: Deps): void {
  app.post(
    "/v1/webhook-endpoints",
    {
      config: { scope: "webhooks:write" },
      schema: {
        tags,
        operationId: "createWebhookEndpoint",
        summary: "Register an endpoint",
        body: createEndpointBody,
        response: { 201: createEndpointAnswer, ...problemResponse },
      },
    },
    async (request, reply) => {
      const { url, events, secret } = request.body;
      checkUrl(url, webhookPolicy, "/url");
      const made = secret ?? newSecret();
      const endpoint = await endpoints.create({ url, events, secret: made });
      reply.code(201).header("location", `/v1/webhook-endpoints/${endpoint.id}`);
      return { endpoint, ...(secret === undefined && { secret: made }) };
    },
  );

  app.get(
    "/v1/webhook-endpoints",
    {
      config: { scope: "webhooks:write" },
      schema: {
        tags,
        operationId: "listWebhookEndpoints",
        summary: "List endpoints",
        querystring: pageQuery,
        response: { 200: page(endpointView), ...problemResponse },
      },
    },
    async (request, reply) => sendPage(request, reply, await endpoints.list(request.query)),
  );

  oneEndpoint(app, endpoints);
}

function oneEndpoint(app: Api, endpoints: Deps["endpoints"]): void {
  app.get(
    "/v1/webhook-endpoints/:id",
    {
      config: { scope: "webhooks:write" },
      schema: {
        tags,
        operationId: "getWebhookEndpoint",
        summary: "Read an endpoint",
        params: endpointParams,
        response: {
          200: z.strictObject({ endpoint: endpointView }),
          304: z.undefined().describe("Unchanged"),
          ...problemResponse,
        },
      },
    },
    async (request, reply) => sendResource(request, reply, { endpoint: await endpoints.get(request.params.id) }),
  );

  app.delete(
    "/v1/webhook-endpoints/:id",
    {
      config: { scope: "webhooks:write" },
      schema: {
        tags,
        operationId: "deleteWebhookEndpoint",
        summary: "Remove an endpoint with its deliveries",
        params: endpointParams,
        response: { 204: z.undefined().describe("Removed"), ...problemResponse },
      },
    },
    async (request, reply) => {
      await endpoints.remove(request.params.id);
      return reply.code(204).send();
    },
  );

  app.get(
    "/v1/webhook-endpoints/:id/deliveries",
    {
      config: { scope: "webhooks:write" },
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
}
