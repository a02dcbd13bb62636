import { v7 } from "uuid";
import { z } from "zod";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

const idSchema = <P extends string>(prefix: P) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${uuid}$`))
    .brand<`${P}_id`>();

/** `job_` and a UUIDv7, so that ids sort by creation time. */
export const jobId = idSchema("job").describe("Job id");
export type JobId = z.infer<typeof jobId>;
export const newJobId = (): JobId => jobId.parse(`job_${v7()}`);

export const endpointId = idSchema("whe").describe("Webhook endpoint id");
export type EndpointId = z.infer<typeof endpointId>;
export const newEndpointId = (): EndpointId => endpointId.parse(`whe_${v7()}`);

export const apiKeyId = idSchema("key").describe("API key id");
export type ApiKeyId = z.infer<typeof apiKeyId>;
export const newApiKeyId = (): ApiKeyId => apiKeyId.parse(`key_${v7()}`);

export const workerId = idSchema("wrk").describe("Worker id: a new one at every start");
export type WorkerId = z.infer<typeof workerId>;
export const newWorkerId = (): WorkerId => workerId.parse(`wrk_${v7()}`);

/** Id of one message; the same for all attempts (header `webhook-id`). */
export const messageId = idSchema("msg").describe("Webhook message id");
export type MessageId = z.infer<typeof messageId>;
export const newMessageId = (): MessageId => messageId.parse(`msg_${v7()}`);
