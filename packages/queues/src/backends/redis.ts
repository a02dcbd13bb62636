import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import type { QueueLogger } from "../queues.js";
import { type Backend, workerTimes } from "./backend.js";

const PREFIX = "espalier";
const MAX_RECONNECT_PAUSE_MS = 2_000;

/** Redis through ioredis. Producers fail at once while Redis is away; consumers wait for it. */
export function redisBackend(redisUrl: string, logger: QueueLogger): Backend {
  const options = {
    retryStrategy: (times: number) => Math.min(100 * times, MAX_RECONNECT_PAUSE_MS),
    connectTimeout: 2_000,
  };
  const producer = new Redis(redisUrl, { ...options, enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  producer.on("error", (error) => logger.warn({ event: "redis.error", err: error }, "Redis does not answer"));
  const consumers: Redis[] = [];
  return {
    kind: "redis",
    makeQueue: (name) => new Queue(name, { connection: producer, prefix: PREFIX }),
    makeWorker(name, processor, concurrency) {
      const connection = new Redis(redisUrl, { ...options, maxRetriesPerRequest: null });
      connection.on("error", () => undefined); // the worker repeats it on its own "error" event
      consumers.push(connection);
      return new Worker(name, processor, { connection, prefix: PREFIX, concurrency, ...workerTimes });
    },
    async close() {
      for (const connection of [...consumers, producer]) connection.disconnect();
    },
  };
}
