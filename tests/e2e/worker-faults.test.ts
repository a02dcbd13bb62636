import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { JobId, JobView } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHarness, type WorkerHarness } from "./worker-harness.js";

/** Job of its own statistics: other calibration windows. */
const calibration = (skip_windows: number) => ({
  corpus: "tinystories-train.txt",
  windows: 32,
  sequence_length: 64,
  skip_windows,
});

let harness: WorkerHarness;
let calm: unknown;

beforeAll(async () => {
  harness = await startHarness();
  const worker = await harness.startWorker();
  const id = await harness.submit();
  expect((await harness.finished(id)).error).toBeNull();
  calm = await harness.outcome(id);
  worker.kill("SIGTERM");
  await once(worker, "exit");
}, 120_000);
afterAll(() => harness?.close());

async function endsAsIfCalm(id: JobId, place = harness): Promise<JobView> {
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

describe("a worker that is told to stop", () => {
  it.each(stages)(
    "during %s gives its work back: the next worker goes on at once, nothing failed",
    async (_, when) => {
      const first = await harness.startWorker();
      const id = await harness.submit();
      await harness.until(id, when);
      first.kill("SIGTERM");
      expect((await once(first, "exit"))[0]).toBe(0);
      const second = await harness.startWorker();
      const job = await endsAsIfCalm(id);
      expect(job.trials.failed).toBe(0);
      second.kill("SIGKILL");
    },
    120_000,
  );
});

describe("a worker that is killed", () => {
  // A place of its own: the first job computes its statistics itself, and is killed while it does.
  let place: WorkerHarness;
  beforeAll(async () => {
    place = await startHarness();
  });
  afterAll(() => place?.close());

  it.each(stages)(
    "during %s: the next worker ends the job as if nothing had happened",
    async (_, when) => {
      const first = await place.startWorker();
      const id = await place.submit();
      await place.until(id, when);
      await sleep(30);
      first.kill("SIGKILL");
      await once(first, "exit");
      const second = await place.startWorker();
      await endsAsIfCalm(id, place);
      second.kill("SIGKILL");
    },
    120_000,
  );
});

describe("a worker that was suspended longer than its lease", () => {
  it("has its late result refused; the trial counts once", async () => {
    const slow = await harness.startWorker();
    const id = await harness.submit();
    await harness.until(id, (job) => job.state === "searching" && job.trials.running > 0);
    slow.kill("SIGSTOP");
    const other = await harness.startWorker();
    await harness.until(id, (job) => job.trials.completed >= 2);
    slow.kill("SIGCONT");
    await endsAsIfCalm(id);
    await sleep(500);
    expect(await harness.outcome(id)).toEqual(calm);
    for (const worker of [slow, other]) worker.kill("SIGKILL");
  }, 120_000);
});

describe("messages delivered again and again", () => {
  it("end in the same state", async () => {
    const workers = [await harness.startWorker(), await harness.startWorker()];
    const id = await harness.submit();
    let finished = false;
    const again = (async () => {
      while (!finished) {
        await harness.queues.enqueue("profile", { job_id: id });
        for (let number = 0; number < 5; number++) await harness.queues.enqueue("trial", { job_id: id, number });
        await harness.queues.enqueue("export", { job_id: id });
        await sleep(100);
      }
    })();
    await endsAsIfCalm(id).finally(() => {
      finished = true;
    });
    await again;
    for (const worker of workers) worker.kill("SIGKILL");
  }, 120_000);
});

describe("a cancelled job", () => {
  it.each([
    ["while profiling", (job: JobView) => job.state === "profiling", 64],
    ["while searching", (job: JobView) => job.state === "searching", 96],
  ])(
    "%s stays cancelled, and the worker is free for the next one",
    async (_, when, skip) => {
      const worker = await harness.startWorker();
      const id = await harness.submit({ calibration: calibration(skip) });
      await harness.until(id, when);
      expect(await harness.store.jobs.cancel(id)).toBe(true);
      const next = await harness.submit();
      await endsAsIfCalm(next);
      const job = await harness.store.views.job(id);
      expect(job.state).toBe("cancelled");
      expect(job.trials.running).toBe(0);
      const events = await harness.store.views.events(id, { after: 0, limit: 200 });
      expect(events.filter(({ type }) => type === "job.cancelled")).toHaveLength(1);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_event, index) => index + 1));
      worker.kill("SIGKILL");
    },
    120_000,
  );
});
