import type { components, operations } from "./generated/api.js";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type Artifact = Schemas["Artifact"];
export type Export = Schemas["Export"];
export type Job = Schemas["Job"];
export type Status = Schemas["Status"];
export type Trial = Schemas["Trial"];
export type WebhookDelivery = Schemas["WebhookDelivery"];
export type WebhookEndpoint = Schemas["WebhookEndpoint"];

/** What an operation is sent as JSON. */
export type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody: { content: { "application/json": infer Body } };
}
  ? Body
  : never;

/** What an operation can be asked in its URL. */
export type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]["parameters"]["query"]>;

/** What an operation answers as JSON with status 200, tuples kept: calls of openapi-fetch give them as arrays. */
export type AnswerOf<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

export type JobBody = BodyOf<"createJob">;
