import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { type Paths, withExamples } from "./openapi-examples.js";

const description =
  "Searches for the best way to prune a Llama-family model. " +
  "Submit a job, follow its events, download the smaller model.";

type Transform = typeof jsonSchemaTransform;
type TransformObject = typeof jsonSchemaTransformObject;

interface Described {
  readonly paths?: Paths;
  readonly components?: { readonly schemas?: object };
}

/** A reader sees which scope an operation needs, in words and as OpenAPI 3.1 lets a requirement name it. */
const nameScopes: Transform = (document) => {
  const { schema, url } = jsonSchemaTransform(document);
  const { scope } = document.route.config ?? {};
  if (scope === undefined) return { schema, url };
  const { description: text = "" } = schema;
  const description = `${text === "" ? "" : `${text} `}Scope: \`${scope}\`.`;
  return { schema: { ...schema, description, security: [{ bearer: [scope] }, {}] }, url };
};

/** OpenAPI has no wildcard parameters: the rest of a path is described as one parameter, `name`. */
const nameWildcards: Transform = (document) => {
  const { schema, url } = nameScopes(document);
  const params = schema.params as { properties?: Record<string, unknown>; required?: string[] } | undefined;
  const { "*": rest, ...properties } = params?.properties ?? {};
  if (rest === undefined) return { schema, url };
  const required = params?.required?.map((name) => (name === "*" ? "name" : name));
  const named = { ...params, properties: { ...properties, name: rest }, required };
  return { schema: { ...schema, params: named }, url: url.replace("*", ":name") };
};

/** Every named contract becomes a component, once for input and once for output: those that nothing names are left out. */
const dropUnused: TransformObject = (document) => {
  const described = jsonSchemaTransformObject(document) as Described;
  const text = JSON.stringify(described);
  const schemas = Object.entries(described.components?.schemas ?? {});
  const used = schemas.filter(([name]) => text.includes(`"#/components/schemas/${name}"`));
  const components = { ...described.components, schemas: Object.fromEntries(used) };
  return { ...described, paths: withExamples(described.paths), components };
};

/** Describes every route in OpenAPI 3.1, from the same zod contracts that validate it. Register before any route. */
export function registerOpenApi(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Espalier", version, description, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
      servers: [{ url: "/", description: "The service that this description comes from" }],
      components: {
        securitySchemes: {
          bearer: {
            type: "http",
            scheme: "bearer",
            description: "API key with the scope that an operation names, where the service has keys",
          },
        },
      },
      security: [{ bearer: [] }, {}],
      tags: [
        { name: "jobs", description: "Submit, follow and cancel searches" },
        { name: "trials", description: "What a search tried and how it went" },
        { name: "artifacts", description: "Files of the pruned model" },
        { name: "events", description: "What happened, as a list or live" },
        { name: "webhooks", description: "Registered endpoints and what was sent to them" },
        { name: "keys", description: "Who may use the service, and for what" },
        { name: "inventory", description: "Models and texts under the configured roots" },
        { name: "service", description: "Probes, version, this description" },
      ],
    },
    transform: nameWildcards,
    transformObject: dropUnused,
  });
}
