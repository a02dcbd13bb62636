import type { CreateJobInput, JobView, TrialView } from "@espalier/contracts";
import { describe, expect, it, onTestFinished } from "vitest";
import { expectInvariants } from "./expect-invariants.js";
import type { BuiltProcess } from "./harness/built-process.js";
import { type Place, startPlace } from "./harness/place.js";
import { failingLimit, killingLimit, type MemoryLimit } from "./limits/memory-limit.js";

/** Attention over 512 tokens takes most of the memory: a backward pass over 8 windows twice that over 4. */
const long = { corpus: "tinystories-train.txt", samples: 16, sequence_length: 512 };
const refined: Partial<CreateJobInput> = { calibration: long, search: { trials: 2, refinement: 0.5, seed: 5 } };

/** Of so many samples, some cluster has enough for a whole batch. */
const crowded: Partial<CreateJobInput> = { ...refined, calibration: { ...long, samples: 40 } };

/** MiB, tried from above until one lies between what a worker and its child take at the whole and at half the batch. */
const between = [
  { held: 1100, address: 2150 },
  { held: 1000, address: 2075 },
  { held: 900, address: 2000 },
  { held: 800, address: 1925 },
  { held: 700, address: 1850 },
];
/** Below either. */
const below = { held: 450, address: 1700 };

async function openPlace(env: Record<string, string> = {}): Promise<Place> {
  const place = await startPlace({ env });
  onTestFinished(place.close);
  return place;
}

/** The first job that runs into a limit, in a service of its own: what a process takes besides differs by machine. */
async function boundedJob(limit: MemoryLimit): Promise<{ place: Place; worker: BuiltProcess; job: JobView }> {
  for (const bounds of between) {
    const place = await openPlace();
    const worker = await place.startWorker();
    const release = limit.bound(worker, bounds);
    onTestFinished(() => worker.kill().then(release));
    const job = await place.finished((await place.submit(refined)).id);
    if (job.half_batch) return { place, worker, job };
  }
  throw new Error("no limit was low enough");
}

describe.each([killingLimit(), failingLimit()])("a machine with too little memory, where $ends", (limit) => {
  const { missing } = limit;
  if (missing !== undefined) process.stderr.write(`row 17, where ${limit.ends}: skipped, ${missing}\n`);

  it.skipIf(missing !== undefined)(
    "has a trial that ran out of it tried once more with half as many windows, and goes on so",
    { timeout: 600_000 },
    async () => {
      const { place, worker, job } = await boundedJob(limit);
      expect(job).toMatchObject({ state: "succeeded", half_batch: true, trials: { completed: 2, failed: 0 } });
      const { data } = await place.client.get<{ data: TrialView[] }>(`/v1/jobs/${job.id}/trials`);
      expect(data).toMatchObject([
        { origin: "start", attempts: 1, half_batch: false },
        { origin: "refinement", attempts: 2, half_batch: true },
      ]);
      expect(worker.isAlive()).toBe(true);
      await expectInvariants(place);
    },
  );

  it.skipIf(missing !== undefined)(
    "has a profile that does not fit at half the batch either fail, and its worker does the next job",
    { timeout: 600_000 },
    async () => {
      const place = await openPlace();
      const worker = await place.startWorker();
      const release = limit.bound(worker, below);
      onTestFinished(() => worker.kill().then(release));
      const failed = await place.finished((await place.submit(crowded)).id);
      expect(failed).toMatchObject({
        state: "failed",
        half_batch: true,
        error: { code: "COMPUTE_OUT_OF_MEMORY", stage: "profile" },
      });
      const said = worker.lines().filter(({ event }) => event === "profile.failed");
      expect(said.map(({ code }) => code)).toEqual(["COMPUTE_OUT_OF_MEMORY", "COMPUTE_OUT_OF_MEMORY"]);
      const next = await place.finished((await place.submit()).id);
      expect(next).toMatchObject({ state: "succeeded", half_batch: false });
      expect(worker.isAlive()).toBe(true);
      await expectInvariants(place);
    },
  );
});

describe("a model that is too large for the memory", () => {
  it("is refused at submit with what it needs and what there is", async () => {
    const place = await openPlace({ ESPALIER_MEMORY_BYTES: String(64 * 1024 ** 2) });
    const body = { model: { path: "stories260K" }, calibration: long, target: { sparsity: 0.2 } };
    const answer = await place.client.call<{ code: string; errors: { detail: string; pointer: string }[] }>(
      "/v1/jobs",
      {
        method: "POST",
        body: JSON.stringify(body),
      },
    );
    expect(answer).toMatchObject({ status: 422, body: { code: "VALIDATION_FAILED" } });
    expect(answer.body.errors[0]?.detail).toMatch(/^needs \d+ bytes, has 67108864$/);
    await expectInvariants(place);
  });
});
