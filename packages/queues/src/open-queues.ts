import type { QueueOptions, Queues } from "./queues.js";

/** Opens all queues on the given backend. */
export async function openQueues(_options: QueueOptions): Promise<Queues> {
  throw new RangeError("not built yet");
}
