import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { LightMyRequestResponse } from "fastify";

type Contents = Readonly<Record<string, { readonly schema?: object }>>;
type Operation = { readonly responses: Readonly<Record<string, { readonly content?: Contents }>> };

const description: { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } = JSON.parse(
  readFileSync(new URL("../../../../docs/openapi.json", import.meta.url), "utf8"),
);

const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(description, "api");
const validators = new Map<object, ValidateFunction>();

function validatorOf(schema: object): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')));
  validators.set(schema, validate);
  return validate;
}

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
  const validate = validatorOf(content.schema);
  if (!validate(response.json())) {
    throw new Error(`${what}, not as docs/openapi.json says: ${ajv.errorsText(validate.errors)}\n${response.body}`);
  }
}
