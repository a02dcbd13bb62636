import { type QueueName, type QueuePayload, queuePayloads } from "@espalier/contracts";

/** The part of a zod schema that a consumer needs. */
interface PayloadSchema<P> {
  safeParse(
    data: unknown,
  ): { readonly success: true; readonly data: P } | { readonly success: false; readonly error: Error };
}

/** How one queue delivers. Rows decide what is done: a message that is lost or dropped is enqueued again by reconciliation. */
export interface QueueDefinition<N extends QueueName> {
  readonly name: N;
  readonly payload: PayloadSchema<QueuePayload<N>>;
  /** Deterministic: the same work waits once. BullMQ refuses `:` and plain numbers. */
  readonly messageId: (payload: QueuePayload<N>) => string;
  /** Tries of one message; the webhook schedule lies in the rows, so that queue tries once. */
  readonly attempts: number;
  /** Before the second try; doubled for each further one. */
  readonly backoffMs: number;
}

export type QueueDefinitions = { readonly [N in QueueName]: QueueDefinition<N> };

/** Work that was claimed and given back gets a message of its own. */
const again = (epoch = 0): string => (epoch === 0 ? "" : `-again-${epoch}`);

/** All queues. Idempotency: handlers claim a row first, and losing the claim is success. */
export const queueDefinitions: QueueDefinitions = {
  profile: {
    name: "profile",
    payload: queuePayloads.profile,
    messageId: ({ job_id, epoch }) => `profile-${job_id}${again(epoch)}`,
    attempts: 3,
    backoffMs: 1_000,
  },
  trial: {
    name: "trial",
    payload: queuePayloads.trial,
    messageId: ({ job_id, number, epoch }) => `trial-${job_id}-${number}${again(epoch)}`,
    attempts: 3,
    backoffMs: 1_000,
  },
  export: {
    name: "export",
    payload: queuePayloads.export,
    messageId: ({ job_id, epoch, name = "" }) => `export-${job_id}${name && `-${name}`}${again(epoch)}`,
    attempts: 3,
    backoffMs: 1_000,
  },
  webhook: {
    name: "webhook",
    payload: queuePayloads.webhook,
    messageId: ({ delivery_id }) => `webhook-${delivery_id}`,
    attempts: 1,
    backoffMs: 1_000,
  },
  /** Messages for receivers that were slow: they wait for each other here, and nobody else waits for them. */
  slow_webhook: {
    name: "slow_webhook",
    payload: queuePayloads.slow_webhook,
    messageId: ({ delivery_id }) => `webhook-${delivery_id}`,
    attempts: 1,
    backoffMs: 1_000,
  },
};
