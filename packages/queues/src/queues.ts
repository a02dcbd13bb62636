import type { QueueName, QueuePayload } from "@espalier/contracts";
import type { QueuePort } from "@espalier/pipeline";

/** Where messages travel: Redis, or BullMQ's own tables in a Postgres schema of their own. */
export type QueueBackend = { readonly redisUrl: string } | { readonly databaseUrl: string };

/** The part of a logger that queues need; pino fits. */
export interface QueueLogger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export type QueueOptions = QueueBackend & { readonly logger: QueueLogger };

/** What runs for a message. Throwing a retryable error tries again later; a permanent AppError ends the message. */
export type QueueHandlers = { readonly [N in QueueName]?: (payload: QueuePayload<N>) => Promise<void> };

export interface Consumers {
  /** Takes no new messages and waits for running handlers, at most `graceSeconds`. */
  close(graceSeconds?: number): Promise<void>;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
}

export interface ConsumerOptions {
  /** Handlers running at once, per queue (default 1). */
  readonly concurrency?: Partial<Record<QueueName, number>>;
}

/** Producers and consumers of all queues. */
export interface Queues extends QueuePort {
  startConsumers(handlers: QueueHandlers, options?: ConsumerOptions): Promise<Consumers>;
  /** Messages per queue. */
  counts(): Promise<Readonly<Record<QueueName, QueueCounts>>>;
  /** Rejects with AppError SERVICE_UNAVAILABLE when the backend does not answer within two seconds. */
  ping(): Promise<void>;
  /** Closes consumers that still run, then producers. */
  close(): Promise<void>;
}
