import {
  createEndpointAnswer,
  createEndpointBody,
  endpointView,
  page,
  pageQuery,
  rotateSecretAnswer,
  updateEndpointBody,
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

const config = { scope: "webhooks:write" } as const;
const tags = ["webhooks"];
const endpointAnswer = z.strictObject({ endpoint: endpointView });

/** Registered webhook endpoints. */
export function webhookEndpointRoutes(app: Api, deps: Deps): void {
  allEndpoints(app, deps);
  readOrRemove(app, deps);
  change(app, deps);
}

function allEndpoints(app: Api, { endpoints, newSecret, webhookPolicy }: Deps): void {
  app.post(
    "/v1/webhook-endpoints",
    {
      config,
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
      config,
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
}

function readOrRemove(app: Api, { endpoints }: Pick<Deps, "endpoints">): void {
  app.get(
    "/v1/webhook-endpoints/:id",
    {
      config,
      schema: {
        tags,
        operationId: "getWebhookEndpoint",
        summary: "Read an endpoint",
        params: endpointParams,
        response: {
          200: endpointAnswer,
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
      config,
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
}

function change(app: Api, { endpoints, newSecret, webhookPolicy }: Deps): void {
  app.patch(
    "/v1/webhook-endpoints/:id",
    {
      config,
      schema: {
        tags,
        operationId: "updateWebhookEndpoint",
        summary: "Change an endpoint's address or events; disable or enable it",
        description: "Messages that wait go to the new address. Disabling ends them; each can be sent again later.",
        params: endpointParams,
        body: updateEndpointBody,
        response: { 200: endpointAnswer, ...problemResponse },
      },
    },
    async ({ params, body }) => {
      if (body.url !== undefined) checkUrl(body.url, webhookPolicy, "/url");
      return { endpoint: await endpoints.update(params.id, body) };
    },
  );

  app.post(
    "/v1/webhook-endpoints/:id/rotate-secret",
    {
      config,
      schema: {
        tags,
        operationId: "rotateWebhookSecret",
        summary: "Replace an endpoint's secret",
        description:
          "For 24 hours every message carries two signatures, by the new secret and by the one before it. " +
          "A secret that was replaced earlier ends at once.",
        params: endpointParams,
        response: { 200: rotateSecretAnswer, ...problemResponse },
      },
    },
    async ({ params }, reply) => {
      const secret = newSecret();
      const endpoint = await endpoints.rotateSecret(params.id, secret);
      reply.header("cache-control", "no-store");
      return { endpoint, secret };
    },
  );
}
