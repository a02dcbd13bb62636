export { openQueues } from "./open-queues.js";
export type {
  ConsumerOptions,
  Consumers,
  QueueBackend,
  QueueCounts,
  QueueHandlers,
  QueueLogger,
  QueueOptions,
  Queues,
} from "./queues.js";
