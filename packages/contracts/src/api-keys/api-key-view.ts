import { z } from "zod";
import { apiKeyId } from "../ids.js";
import { instant } from "../job/job-view.js";
import { apiScope, apiScopes } from "./scopes.js";

export const createApiKeyBody = z.strictObject({
  name: z.string().min(1).max(200).describe("For people: who or what uses it"),
  scopes: z
    .array(apiScope)
    .min(1)
    .max(apiScopes.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, "A scope is named twice"),
  expires_at: z.iso
    .datetime({ offset: true })
    .max(64)
    .optional()
    .describe("RFC 3339, in the future. Default: never; such a key ends when it is revoked"),
});
export type CreateApiKeyBody = z.infer<typeof createApiKeyBody>;

export const apiKeyView = z
  .strictObject({
    id: apiKeyId,
    name: z.string(),
    scopes: z.array(apiScope),
    created_at: instant,
    expires_at: instant.nullable(),
    revoked_at: instant.nullable(),
    last_used_at: instant.nullable().describe("To the minute"),
  })
  .meta({ id: "ApiKey" });
export type ApiKeyView = z.infer<typeof apiKeyView>;

export const createApiKeyAnswer = z.strictObject({
  api_key: apiKeyView,
  key: z.string().describe("`esp_<id>_<secret>`, to be sent as `Authorization: Bearer KEY`; shown this once"),
});
