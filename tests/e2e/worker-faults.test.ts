import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { JobId, JobView } from "@espalier/contracts";
import { beforeAll, describe, expect, it } from "vitest";
import { startHarness, type WorkerHarness } from "./worker-harness.js";

/** What the job gives when nobody disturbs it. */
let calm: unknown;

/** Runs a test in a database and a data folder of its own, so that tests wait for leases side by side. */
async function inPlace(test: (place: WorkerHarness) => Promise<void>): Promise<void> {
  const place = await startHarness();
  try {
    await test(place);
  } finally {
    await place.close();
  }
}

beforeAll(
  () =>
    inPlace(async (place) => {
      await place.startWorker();
      const id = await place.submit();
      expect((await place.finished(id)).error).toBeNull();
      calm = await place.outcome(id);
    }),
  120_000,
);

async function endsAsIfCalm(place: WorkerHarness, id: JobId): Promise<JobView> {
  const job = await place.finished(id);
  expect(job.error).toBeNull();
  expect(await place.outcome(id)).toEqual(calm);
  return job;
}

const stages: readonly (readonly [string, (job: JobView) => boolean])[] = [
  ["the profile", (job) => job.state === "profiling"],
  ["a trial", (job) => job.state === "searching" && job.trials.running > 0],
  ["the export", (job) => job.state === "exporting"],
];

describe.concurrent("a worker that is told to stop", { timeout: 180_000 }, () => {
  it.each(stages)("during %s gives its work back: the next worker goes on, nothing failed", (_, when) =>
    inPlace(async (place) => {
      const first = await place.startWorker();
      const id = await place.submit();
      await place.until(id, when);
      first.kill("SIGTERM");
      expect((await once(first, "exit"))[0]).toBe(0);
      await place.startWorker();
      expect((await endsAsIfCalm(place, id)).trials.failed).toBe(0);
    }),
  );
});

describe.concurrent("a worker that is killed", { timeout: 180_000 }, () => {
  it.each(stages)("during %s: the next worker ends the job as if nothing had happened", (_, when) =>
    inPlace(async (place) => {
      const first = await place.startWorker();
      const id = await place.submit();
      await place.until(id, when);
      await sleep(30);
      first.kill("SIGKILL");
      await once(first, "exit");
      await place.startWorker();
      await endsAsIfCalm(place, id);
    }),
  );
});

describe.concurrent("a worker that was suspended longer than its lease", { timeout: 180_000 }, () => {
  it("has its late result refused; the trial counts once", () =>
    inPlace(async (place) => {
      const slow = await place.startWorker();
      const id = await place.submit();
      await place.until(id, (job) => job.state === "searching" && job.trials.running > 0);
      slow.kill("SIGSTOP");
      const { completed } = (await place.store.views.job(id)).trials;
      await place.startWorker();
      await place.until(id, (job) => job.trials.completed > completed);
      slow.kill("SIGCONT");
      await endsAsIfCalm(place, id);
      await sleep(500);
      expect(await place.outcome(id)).toEqual(calm);
    }));
});

describe.concurrent("messages delivered again and again", { timeout: 180_000 }, () => {
  it("end in the same state", () =>
    inPlace(async (place) => {
      await Promise.all([place.startWorker(), place.startWorker()]);
      const id = await place.submit();
      let finished = false;
      const again = (async () => {
        while (!finished) {
          await place.queues.enqueue("profile", { job_id: id });
          for (let number = 0; number < 5; number++) await place.queues.enqueue("trial", { job_id: id, number });
          await place.queues.enqueue("export", { job_id: id });
          await sleep(100);
        }
      })();
      await endsAsIfCalm(place, id).finally(() => {
        finished = true;
      });
      await again;
    }));
});

describe.concurrent("a cancelled job", { timeout: 180_000 }, () => {
  it.each(stages)("during %s stays cancelled, and the worker is free for the next one", (_, when) =>
    inPlace(async (place) => {
      await place.startWorker();
      const id = await place.submit();
      await place.until(id, when);
      expect(await place.store.jobs.cancel(id)).toBe(true);
      await endsAsIfCalm(place, await place.submit());
      const job = await place.store.views.job(id);
      expect(job.state).toBe("cancelled");
      expect(job.trials.running).toBe(0);
      const events = await place.store.views.events(id, { after: 0, limit: 200 });
      expect(events.filter(({ type }) => type === "job.cancelled")).toHaveLength(1);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
    }),
  );
});
