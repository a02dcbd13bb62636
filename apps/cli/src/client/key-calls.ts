import type { BodyOf, ApiClient as TypedClient } from "@espalier/client";
import { answered } from "./answered.js";

/** Calls of API keys. */
export const keyCalls = (api: TypedClient) => ({
  /** The answer has the key itself, this once. */
  create: (body: BodyOf<"createApiKey">) => answered(api.POST("/v1/api-keys", { body })),
  /** Newest first. */
  list: (limit: number) => answered(api.GET("/v1/api-keys", { params: { query: { limit } } })),
  revoke: (id: string) => answered(api.DELETE("/v1/api-keys/{id}", { params: { path: { id } } })),
});
