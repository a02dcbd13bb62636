import { setTimeout as sleep } from "node:timers/promises";
import type { QueueName } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import { messagesLeft, openDeliverer } from "./harness/deliver.js";
import { eventually } from "./harness/eventually.js";
import { inPlace } from "./harness/in-place.js";
import type { Place } from "./harness/place.js";
import { queueKinds } from "./harness/queue-kinds.js";

/** One row per message that the work so far has sent. */
const SENT = `
  SELECT 'profile' AS queue, json_build_object('job_id', id) AS payload FROM jobs
  UNION ALL SELECT 'trial', json_build_object('job_id', job_id, 'number', number) FROM trials
  UNION ALL SELECT 'export', json_build_object('job_id', id) FROM jobs WHERE state IN ('exporting', 'succeeded')
  UNION ALL SELECT 'webhook', json_build_object('delivery_id', id) FROM deliveries`;

const TIMES = 3;
const PAUSE_MS = 50;

/** Delivers each message three times as soon as it is known, and three times again when everything is over. */
async function deliverThrice(place: Place, isOver: () => boolean): Promise<void> {
  const deliverer = await openDeliverer(place);
  const known = new Set<string>();
  for (let last = false; !last; await sleep(PAUSE_MS)) {
    last = isOver();
    for (const { queue, payload } of await place.database.query<{ queue: QueueName; payload: unknown }>(SENT)) {
      const message = queue + JSON.stringify(payload);
      if (known.has(message) && !last) continue;
      known.add(message);
      for (let time = 0; time < TIMES; time++) await deliverer.deliver(queue, payload);
    }
  }
  await deliverer.close();
}

describe.concurrent("row 8: every message of the queue delivered three times", { timeout: 600_000 }, () => {
  it.each(queueKinds)("ends in the same state (queue: %s)", (queue) =>
    inPlace({ queue }, async (place) => {
      await Promise.all([place.startWorker(), place.startWorker()]);
      const { id } = await place.submit();
      let isOver = false;
      const thrice = deliverThrice(place, () => isOver);
      const job = await place.finished(id).finally(() => {
        isOver = true;
      });
      await thrice;
      expect(job).toMatchObject({ state: "succeeded", error: null });
      await eventually(() => messagesLeft(place), 0);
      const again = await place.database.query("SELECT number, epoch FROM trials WHERE epoch <> 1 OR failures <> 0");
      expect(again).toEqual([]);
      expect(place.receiver.received).toHaveLength(1);
      await expectInvariants(place);
    }),
  );
});
