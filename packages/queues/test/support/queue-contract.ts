import { setTimeout as sleep } from "node:timers/promises";
import { AppError, newJobId, newMessageId } from "@espalier/contracts";
import { openQueues, type QueueBackend, type Queues } from "@espalier/queues";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordingLogger } from "./logger.js";

export async function until(condition: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 20) {
    if (waited > seconds * 1000) throw new Error(`not so within ${seconds} s: ${condition}`);
    await sleep(20);
  }
}

/** What every backend has to do. */
export function queueContract(name: string, backend: () => QueueBackend): void {
  describe(`queues on ${name}`, () => {
    let queues: Queues;
    const logger = recordingLogger();
    beforeAll(async () => {
      queues = await openQueues({ ...backend(), logger });
    });
    afterAll(() => queues.close());

    it("answers a ping and counts nothing at first", async () => {
      await queues.ping();
      expect((await queues.counts()).trial).toEqual({ waiting: 0, active: 0, delayed: 0 });
    });

    it("delivers each kind of message to its handler", async () => {
      const seen: string[] = [];
      const [job_id, delivery_id] = [newJobId(), newMessageId()];
      const consumers = await queues.startConsumers({
        profile: async (payload) => void seen.push(`profile ${payload.job_id}`),
        trial: async (payload) => void seen.push(`trial ${payload.number}`),
        export: async (payload) => void seen.push(`export ${payload.job_id}`),
        webhook: async (payload) => void seen.push(`webhook ${payload.delivery_id}`),
      });
      await queues.enqueue("profile", { job_id });
      await queues.enqueue("trial", { job_id, number: 7 });
      await queues.enqueue("export", { job_id });
      await queues.enqueue("webhook", { delivery_id });
      await until(() => seen.length === 4);
      expect(seen.sort()).toEqual([`export ${job_id}`, `profile ${job_id}`, "trial 7", `webhook ${delivery_id}`]);
      await consumers.close();
    });

    it("keeps one message of those enqueued twice, and takes the id again once it is done", async () => {
      const job_id = newJobId();
      await Promise.all([1, 2, 3].map(() => queues.enqueue("profile", { job_id })));
      expect((await queues.counts()).profile.waiting).toBe(1);
      let runs = 0;
      const consumers = await queues.startConsumers({ profile: async () => void runs++ });
      await until(() => runs === 1);
      await until(async () => (await queues.counts()).profile.active === 0);
      await queues.enqueue("profile", { job_id });
      await until(() => runs === 2);
      await consumers.close();
    });

    it("delivers what a handler enqueues before it returns", async () => {
      const job_id = newJobId();
      const seen: number[] = [];
      const consumers = await queues.startConsumers({
        trial: async ({ number }) => {
          seen.push(number);
          if (number < 5) await queues.enqueue("trial", { job_id, number: number + 1 });
        },
      });
      await queues.enqueue("trial", { job_id, number: 0 });
      await until(() => seen.length === 6);
      expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
      await consumers.close();
    });

    it("tries again after an error that may pass, and not after a permanent one", async () => {
      let passing = 0;
      let permanent = 0;
      const consumers = await queues.startConsumers({
        profile: async () => {
          passing++;
          if (passing === 1) throw new AppError("SERVICE_UNAVAILABLE", "not now");
        },
        export: async () => {
          permanent++;
          throw new AppError("EXPORT_VERIFICATION_FAILED", "never");
        },
      });
      await queues.enqueue("profile", { job_id: newJobId() });
      await queues.enqueue("export", { job_id: newJobId() });
      await until(() => passing === 2);
      expect(permanent).toBe(1);
      expect((await queues.counts()).export).toEqual({ waiting: 0, active: 0, delayed: 0 });
      await consumers.close();
    });

    it("drops and logs a message that does not fit its contract", async () => {
      let runs = 0;
      const consumers = await queues.startConsumers({ trial: async () => void runs++ });
      await queues.enqueue("trial", { job_id: newJobId(), number: -1 });
      await until(() => logger.entries.some(({ fields }) => fields["event"] === "message.dropped"));
      await until(async () => (await queues.counts()).trial.active === 0);
      expect(runs).toBe(0);
      await consumers.close();
    });

    it("runs as many at once as asked", async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      const consumers = await queues.startConsumers(
        {
          trial: async () => {
            most = Math.max(most, ++running);
            await until(() => most >= 3);
            await sleep(50); // room for one too many
            running--;
            done++;
          },
        },
        { concurrency: { trial: 3 } },
      );
      const job_id = newJobId();
      await Promise.all([0, 1, 2, 3, 4, 5].map((number) => queues.enqueue("trial", { job_id, number })));
      await until(() => done === 6);
      expect(most).toBe(3);
      await consumers.close();
    });

    it("waits for running handlers when it closes, and takes no new message", async () => {
      let started = 0;
      let finished = 0;
      let isClosing = false;
      const consumers = await queues.startConsumers({
        trial: async () => {
          started++;
          await until(() => isClosing);
          await sleep(100); // time to take the next one, were it taken
          finished++;
        },
      });
      const job_id = newJobId();
      await queues.enqueue("trial", { job_id, number: 0 });
      await until(() => started === 1);
      await queues.enqueue("trial", { job_id, number: 1 });
      const closed = consumers.close();
      isClosing = true;
      await closed;
      expect([started, finished]).toEqual([1, 1]);
      expect((await queues.counts()).trial.waiting).toBe(1);
      const rest = await queues.startConsumers({ trial: async () => void finished++ });
      await until(() => finished === 2);
      await rest.close();
    });
  });
}
