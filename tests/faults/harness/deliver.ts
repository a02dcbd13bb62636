import { randomUUID } from "node:crypto";
import type { QueueName } from "@espalier/contracts";
import { openQueues, type QueueCounts } from "@espalier/queues";
import { postgresBackend } from "../../../packages/queues/src/backends/postgres.js";
import { redisBackend } from "../../../packages/queues/src/backends/redis.js";
import type { Place } from "./place.js";

/** Delivers messages as often as it is told, where the product's own producer lets the same work wait once. */
export interface Deliverer {
  deliver(queue: QueueName, payload: unknown): Promise<void>;
  close(): Promise<void>;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openDeliverer({ redis, database }: Place): Promise<Deliverer> {
  const backend = redis === undefined ? await postgresBackend(database.url) : redisBackend(redis.url, silent);
  const names: readonly QueueName[] = ["profile", "trial", "export", "webhook"];
  const queues = new Map(names.map((name) => [name, backend.makeQueue(name)]));
  for (const queue of queues.values()) queue.on("error", () => undefined);
  return {
    deliver: async (name, payload) => {
      const options = { jobId: `again-${randomUUID()}`, removeOnComplete: true, removeOnFail: true };
      await queues.get(name)?.add(name, payload, options);
    },
    close: async () => {
      for (const queue of queues.values()) await queue.close();
      await backend.close();
    },
  };
}

/** Messages that are left anywhere, in work or waiting. */
export async function messagesLeft({ redis, database }: Place): Promise<number> {
  const backend = redis === undefined ? { databaseUrl: database.url } : { redisUrl: redis.url };
  const queues = await openQueues({ ...backend, logger: silent });
  try {
    const counts: readonly QueueCounts[] = Object.values(await queues.counts());
    return counts.reduce((sum, { waiting, active, delayed }) => sum + waiting + active + delayed, 0);
  } finally {
    await queues.close();
  }
}
