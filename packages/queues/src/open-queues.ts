import { type QueueName, type QueuePayload, queueNames } from "@espalier/contracts";
import type { Backend, MessageQueue, MessageWorker } from "./backends/backend.js";
import { postgresBackend } from "./backends/postgres.js";
import { redisBackend } from "./backends/redis.js";
import { consumer } from "./consumer.js";
import { queueDefinitions } from "./definitions.js";
import type {
  ConsumerOptions,
  Consumers,
  QueueCounts,
  QueueHandlers,
  QueueLogger,
  QueueOptions,
  Queues,
} from "./queues.js";
import { withTimeout } from "./with-timeout.js";

const DEFAULT_GRACE_SECONDS = 30;

/**
 * Opens all queues on the given backend. Postgres has to answer; Redis need not yet: until it does, `enqueue` rejects
 * with AppError SERVICE_UNAVAILABLE, which callers tolerate, since reconciliation enqueues again.
 */
export async function openQueues(options: QueueOptions): Promise<Queues> {
  const { logger } = options;
  const backend =
    "redisUrl" in options ? redisBackend(options.redisUrl, logger) : await postgresBackend(options.databaseUrl);
  const queues = Object.fromEntries(queueNames.map((name) => [name, openQueue(backend, name, logger)])) as Readonly<
    Record<QueueName, MessageQueue>
  >;
  const started: Consumers[] = [];

  return {
    enqueue: (name, payload) => enqueue(queues[name], name, payload),
    async startConsumers(handlers, consumerOptions = {}) {
      const consumers = await startConsumers(backend, handlers, consumerOptions, logger);
      started.push(consumers);
      return consumers;
    },
    async counts() {
      const counted = queueNames.map(async (name) => [name, await countsOf(queues[name])] as const);
      return Object.fromEntries(await Promise.all(counted)) as Readonly<Record<QueueName, QueueCounts>>;
    },
    async ping() {
      await countsOf(queues.profile);
    },
    async close() {
      for (const consumers of started) await consumers.close();
      // A queue whose backend never answered waits for it; the connection's end is what counts.
      await Promise.all(queueNames.map((name) => withTimeout(queues[name].close()).catch(() => undefined)));
      await backend.close();
    },
  };
}

function openQueue(backend: Backend, name: QueueName, logger: QueueLogger): MessageQueue {
  const queue = backend.makeQueue(name);
  queue.on("error", (error) => logger.warn({ event: "queue.error", queue: name, err: error }, "queue error"));
  return queue;
}

/**
 * A message whose id waits, is delayed or runs already is dropped by BullMQ. That loses nothing: a handler settles its
 * row before it returns, and what is due after that has another id or is found by reconciliation. Finished ids are free
 * at once (`removeOnComplete`, `removeOnFail`).
 */
async function enqueue<N extends QueueName>(queue: MessageQueue, name: N, payload: QueuePayload<N>): Promise<void> {
  const { messageId, attempts, backoffMs } = queueDefinitions[name];
  await withTimeout(
    queue.add(name, payload, {
      jobId: messageId(payload),
      attempts,
      backoff: { type: "exponential", delay: backoffMs },
      removeOnComplete: true,
      removeOnFail: true,
    }),
  );
}

async function countsOf(queue: MessageQueue): Promise<QueueCounts> {
  const counts = await withTimeout(queue.getJobCounts("waiting", "active", "delayed"));
  return { waiting: counts["waiting"] ?? 0, active: counts["active"] ?? 0, delayed: counts["delayed"] ?? 0 };
}

async function startConsumers(
  backend: Backend,
  handlers: QueueHandlers,
  { concurrency = {} }: ConsumerOptions,
  logger: QueueLogger,
): Promise<Consumers> {
  const workers = queueNames.flatMap((name) => {
    const worker = startConsumer(backend, name, handlers, concurrency[name] ?? 1, logger);
    return worker ? [worker] : [];
  });
  return { close: (graceSeconds = DEFAULT_GRACE_SECONDS) => closeWorkers(workers, graceSeconds) };
}

function startConsumer<N extends QueueName>(
  backend: Backend,
  name: N,
  handlers: QueueHandlers,
  concurrency: number,
  logger: QueueLogger,
): MessageWorker | undefined {
  const handle = handlers[name];
  if (!handle) return undefined;
  const worker = backend.makeWorker(name, consumer(queueDefinitions[name], handle, logger), concurrency);
  worker.on("error", (error) => logger.warn({ event: "consumer.error", queue: name, err: error }, "consumer error"));
  worker.on("failed", (job, error) =>
    logger.error({ event: "message.failed", queue: name, message_id: job?.id, err: error }, "message failed"),
  );
  return worker;
}

async function closeWorkers(workers: readonly MessageWorker[], graceSeconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<"over">((resolve) => {
    timer = setTimeout(() => resolve("over"), graceSeconds * 1000);
  });
  const closed = Promise.all(workers.map((worker) => worker.close()));
  const first = await Promise.race([closed, over]).finally(() => clearTimeout(timer));
  if (first === "over") await Promise.all(workers.map((worker) => worker.close(true)));
}
