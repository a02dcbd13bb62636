import { readFileSync } from "node:fs";
import type { LightMyRequestResponse } from "fastify";
import { describedSchemas } from "./described-schemas.js";

type Contents = Readonly<Record<string, { readonly schema?: object }>>;
type Operation = { readonly responses: Readonly<Record<string, { readonly content?: Contents }>> };

const description: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } = JSON.parse(
  readFileSync(new URL("../../../../docs/openapi.json", import.meta.url), "utf8"),
);

const problemWith = describedSchemas(description);

/** Literal segments before parameters, as the router prefers them. */
const routes = Object.entries(description.paths)
  .map(([template, methods]) => ({
    methods,
    parameters: template.split("{").length,
    pattern: new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
  }))
  .sort((a, b) => a.parameters - b.parameters);

/**
 * Fails for an answer that docs/openapi.json does not allow: a status, a media type or a JSON body that it does not
 * describe for this operation. What is no operation (another method, an unknown path) is let through.
 */
export function assertDescribed(method: string, url: string, response: LightMyRequestResponse): void {
  const { pathname } = new URL(url, "http://api.test");
  const methods = routes.find(({ pattern }) => pattern.test(pathname))?.methods;
  const operation = methods?.[method.toLowerCase()];
  if (operation === undefined) return;
  const { statusCode } = response;
  const what = `${method} ${pathname} answered ${statusCode}`;
  const answer = operation.responses[statusCode] ?? operation.responses[`${Math.floor(statusCode / 100)}XX`];
  if (answer === undefined) throw new Error(`${what}, which docs/openapi.json does not describe: ${response.body}`);
  const type = String(response.headers["content-type"] ?? "").split(";")[0] ?? "";
  if (type === "" && answer.content === undefined) return;
  const content = answer.content?.[type];
  if (content === undefined)
    throw new Error(`${what} as ${type || "nothing"}, which docs/openapi.json does not describe`);
  if (!/^application\/(.+\+)?json$/.test(type) || content.schema === undefined) return;
  const problem = problemWith(content.schema, response.json());
  if (problem !== undefined) {
    throw new Error(`${what}, not as docs/openapi.json says: ${problem}\n${response.body}`);
  }
}
