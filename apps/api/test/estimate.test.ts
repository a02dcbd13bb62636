import { jobEstimate } from "@espalier/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobCount, problemOf, smallJob, startService, type TestService } from "./support/service.js";

const device = {
  machine: "a machine",
  provider: "cpu",
  threads: 1,
  concurrency: 1,
  memoryBytes: 4 * 1024 ** 3,
  versions: "test",
};

describe("the estimate of a job", () => {
  let service: TestService;
  const ask = (changes: object = {}) => service.post("/v1/jobs/estimate", { ...smallJob, ...changes });
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service.close());

  it("counts what it costs, says that nothing is measured yet, and leaves nothing behind", async () => {
    const response = await ask();
    expect(response.statusCode).toBe(200);
    const estimate = jobEstimate.parse(response.json());
    expect(estimate).toMatchObject({ duration_seconds: null, trials: { budget: 3 }, based_on: [] });
    expect(estimate.reason).toContain("No worker has been seen");
    // 16 windows of 64 tokens of a model with 260,032 parameters, two operations each and attention besides.
    const perToken = estimate.profile.operations.forward / (16 * 64);
    expect(perToken).toBeGreaterThan(2 * 260_032);
    expect(perToken).toBeLessThan(3 * 260_032);
    expect(estimate.memory.need_bytes).toBeGreaterThan(4 * 260_032);
    expect(await jobCount(service)).toBe(0);
  });

  it("has durations once a worker has measured itself", async () => {
    const { measurements } = service.store;
    await measurements.seen(device);
    const kinds = ["forward", "gradients", "algebra"] as const;
    await measurements.rate(
      device,
      kinds.map((kind) => ({ kind, scale: 1e6, operations: 1e9, seconds: 1 })),
    );
    const few = jobEstimate.parse((await ask()).json());
    const many = jobEstimate.parse((await ask({ search: { trials: 300 } })).json());
    expect(few.reason).toBeNull();
    expect(few.duration_seconds?.low).toBeGreaterThan(0);
    expect(many.search_seconds?.low).toBeGreaterThan(50 * (few.search_seconds?.low ?? Number.NaN));
    expect(few.based_on).toMatchObject([{ machine: "a machine", rates: 3, finished_jobs: 0 }]);
  });

  it.each([
    [{ model: { path: "absent" } }, "MODEL_NOT_FOUND"],
    [{ calibration: { corpus: "absent.txt" } }, "CORPUS_NOT_FOUND"],
    [{ target: { sparsity: 2 } }, "VALIDATION_FAILED"],
    [{ unknown: 1 }, "VALIDATION_FAILED"],
    [{ webhooks: [{ url: "https://127.0.0.1/x" }] }, "WEBHOOK_URL_REFUSED"],
  ])("of %j is refused as a submit is", async (changes, code) => {
    const [estimate, submit] = [await ask(changes), await service.post("/v1/jobs", { ...smallJob, ...changes })];
    expect(problemOf(estimate).code).toBe(code);
    const { request_id: _, instance: __, ...refusal } = problemOf(submit);
    expect(problemOf(estimate)).toMatchObject(refusal);
  });
});
