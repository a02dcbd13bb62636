import { AppError, type QueueName, type QueuePayload } from "@espalier/contracts";
import { UnrecoverableError } from "bullmq";
import type { Processor } from "./backends/backend.js";
import type { QueueDefinition } from "./definitions.js";
import type { QueueLogger } from "./queues.js";

/**
 * Parse, then call. A message that does not fit the contract is dropped, since no retry can mend it. A permanent
 * AppError ends the message; any other error is tried again by the queue's definition, and after that by reconciliation.
 */
export function consumer<N extends QueueName>(
  definition: QueueDefinition<N>,
  handle: (payload: QueuePayload<N>) => Promise<void>,
  logger: QueueLogger,
): Processor {
  return async ({ id, data }) => {
    const parsed = definition.payload.safeParse(data);
    if (!parsed.success) {
      const fields = { event: "message.dropped", queue: definition.name, message_id: id };
      return logger.error({ ...fields, problem: parsed.error.message }, "message does not fit its contract");
    }
    try {
      await handle(parsed.data);
    } catch (error) {
      if (error instanceof AppError && !error.retryable) throw new UnrecoverableError(error.message);
      throw error;
    }
  };
}
