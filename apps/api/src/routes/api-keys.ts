import {
  AppError,
  apiKeyView,
  createApiKeyAnswer,
  createApiKeyBody,
  formatApiKey,
  newApiKeyId,
  page,
  pageQuery,
} from "@espalier/contracts";
import { z } from "zod";
import type { KnownKeys } from "../access/known-keys.js";
import { hashSecret, newApiSecret } from "../access/secret.js";
import type { ApiDeps } from "../deps.js";
import type { Api } from "../http/api.js";
import { sendPage } from "../http/next-link.js";
import { problemResponse } from "../http/responses.js";
import { apiKeyParams } from "./path-parameters.js";

type Deps = Pick<ApiDeps, "apiKeys"> & { readonly keys: KnownKeys };

const config = { scope: "admin" } as const;
const tags = ["keys"];

/** Make, list and revoke API keys. */
export function apiKeyRoutes(app: Api, { apiKeys, keys }: Deps): void {
  app.post(
    "/v1/api-keys",
    {
      config,
      schema: {
        tags,
        operationId: "createApiKey",
        summary: "Make an API key",
        description:
          "Where there was none, the first key must have the scope `admin`: from then on keys are asked for.",
        body: createApiKeyBody,
        response: { 201: createApiKeyAnswer, ...problemResponse },
      },
    },
    async (request, reply) => {
      const { name, scopes, expires_at: expiresAt } = request.body;
      if (request.caller?.kind === "anonymous" && !scopes.includes("admin")) throw lockOut();
      const [id, secret] = [newApiKeyId(), newApiSecret()];
      const made = await apiKeys.create({ id, name, scopes, expiresAt, secretHash: hashSecret(secret) });
      keys.made();
      request.log.info({ event: "api_key.created", created_key_id: id, scopes }, "API key created");
      reply.code(201).header("cache-control", "no-store");
      return { api_key: made, key: formatApiKey({ id, secret }) };
    },
  );

  app.get(
    "/v1/api-keys",
    {
      config,
      schema: {
        tags,
        operationId: "listApiKeys",
        summary: "List API keys, newest first",
        querystring: pageQuery,
        response: { 200: page(apiKeyView), ...problemResponse },
      },
    },
    async (request, reply) => sendPage(request, reply, await apiKeys.list(request.query)),
  );

  app.delete(
    "/v1/api-keys/:id",
    {
      config,
      schema: {
        tags,
        operationId: "revokeApiKey",
        summary: "Revoke an API key: it ends within five seconds, everywhere and for good",
        params: apiKeyParams,
        response: { 204: z.undefined().describe("Revoked"), ...problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await apiKeys.revoke(id);
      keys.changed(id);
      request.log.info({ event: "api_key.revoked", revoked_key_id: id }, "API key revoked");
      return reply.code(204).send();
    },
  );
}

/** The first key closes the service to those without one. */
function lockOut(): AppError {
  const detail = "The first key must have the scope 'admin': without it nobody could make another.";
  return new AppError("VALIDATION_FAILED", detail, { errors: [{ detail, pointer: "/scopes" }] });
}
