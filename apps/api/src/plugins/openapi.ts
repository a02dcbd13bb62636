import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";

const description =
  "Searches for the best way to prune a Llama-family model. " +
  "Submit a job, follow its events, download the smaller model.";

/** Describes every route in OpenAPI 3.1, from the same zod contracts that validate it. Register before any route. */
export function registerOpenApi(app: FastifyInstance, version: string): void {
  app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Espalier", version, description, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", description: "Key of the service, where it has one" },
        },
      },
      tags: [
        { name: "jobs", description: "Submit, follow and cancel searches" },
        { name: "trials", description: "What a search tried and how it went" },
        { name: "artifacts", description: "Files of the pruned model" },
        { name: "events", description: "What happened, as a list or live" },
        { name: "webhooks", description: "Registered endpoints and what was sent to them" },
        { name: "inventory", description: "Models and texts under the configured roots" },
        { name: "service", description: "Probes, version, this description" },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}
