import type { DeliveryStore, QueuePort, ReceiverPace } from "@espalier/pipeline";

/** Most messages that one round puts on a queue; the next round goes on. */
const LIMIT = 500;

/** Slow receivers have a queue of their own: an attempt for one of them never takes the place of another's. */
const queues = { quick: "webhook", slow: "slow_webhook" } as const satisfies Record<ReceiverPace, string>;

export interface DispatchDeps {
  readonly deliveries: Pick<DeliveryStore, "due">;
  readonly queue: QueuePort;
}

/** Puts the due messages of quick or of slow receivers on their queue; what waits there already stays as it is. Returns how many. */
export function makeDispatch({ deliveries, queue }: DispatchDeps) {
  return async function dispatch(pace: ReceiverPace): Promise<number> {
    const due = await deliveries.due({ pace, limit: LIMIT });
    for (const delivery_id of due) await queue.enqueue(queues[pace], { delivery_id });
    return due.length;
  };
}
