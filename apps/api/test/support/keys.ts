import { dataOf } from "@espalier/client";
import { type ApiKeyView, type ApiScope, createApiKeyAnswer } from "@espalier/contracts";
import pg from "pg";
import type { TestService } from "./service.js";

/** The key from the environment in tests. */
export const ROOT = "root-key-of-this-service";

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** Makes a key through the API. */
export async function makeKey(
  service: TestService,
  scopes: readonly ApiScope[],
  more: { readonly name?: string; readonly expires_at?: string } = {},
): Promise<{ readonly view: ApiKeyView; readonly key: string }> {
  const body = { name: "test", scopes: [...scopes], ...more };
  const headers = bearer(ROOT);
  const { api_key: view, key } = createApiKeyAnswer.parse(
    await dataOf(service.api.POST("/v1/api-keys", { body, headers })),
  );
  return { view, key };
}

/** Asks the database for what the API does not show. */
export async function sql<T extends object>(
  { databaseUrl }: TestService,
  text: string,
  ...values: string[]
): Promise<T[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
