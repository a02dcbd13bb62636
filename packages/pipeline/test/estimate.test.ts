import { createJobBody, type JobSpec } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { type JobCost, type MeasuredDevice, makeEstimateJob } from "../src/index.js";

const body = createJobBody.parse({
  model: { path: "m" },
  calibration: { corpus: "c.txt" },
  target: { sparsity: 0.2 },
  search: { trials: 10, parallelism: 4 },
});
const split = { corpus: "c.txt", windows: 8, sequence_length: 16, skip_windows: 0 };
const specOf = (changes: Partial<JobSpec["budget"]> = {}): JobSpec => {
  const { webhooks: _, ...rest } = body;
  return {
    ...rest,
    search: { ...rest.search, refinement: 0.5, racing: false },
    calibration: split,
    scoring: [{ ...split, weight: 1 }],
    report: split,
    target: { ...rest.target, sparsity: [0.2] },
    budget: { ...rest.budget, ...changes },
  };
};

const only = (forward: number) => ({ forward, gradients: 0, algebra: 0 });
const cost: JobCost = {
  scale: 1000,
  profile: only(1e9),
  baselines: only(2e9),
  trial: only(1e9),
  refinement: only(3e9),
  export: only(1e9),
  trials: { sampled: 5, refined: 5 },
  memoryBytes: 5e6,
};
/** One gigaoperation a second. */
const device: MeasuredDevice = {
  machine: "test",
  provider: "cpu",
  threads: 1,
  concurrency: 2,
  memoryBytes: 1e9,
  versions: "1",
  rates: [{ kind: "forward", scale: 1000, operations: 1e9, seconds: 1 }],
  finished: [],
};

const estimate = (devices: readonly MeasuredDevice[], spec = specOf(), hasStatistics = false) =>
  makeEstimateJob({
    inspect: async () => ({ spec, cost }),
    jobs: { earlierSearch: async () => undefined },
    measurements: { devices: async () => devices, hasStatistics: async () => hasStatistics },
  })(body);

const finished = (factor: number, scale = 1000): MeasuredDevice["finished"] =>
  (["profile", "baselines", "trial", "refinement", "export"] as const).map((step) => ({
    step,
    scale,
    operations: cost[step],
    seconds: (cost[step].forward / 1e9) * factor,
    pieces: 1,
  }));

describe("an estimate", () => {
  it("without any worker says so, and still counts operations and memory", async () => {
    const answer = await estimate([]);
    expect(answer.duration_seconds).toBeNull();
    expect(answer.reason).toContain("No worker has been seen");
    expect(answer.trial).toEqual({ operations: cost.trial, seconds: null });
    expect(answer.memory).toEqual({ need_bytes: 5e6, have_bytes: null });
  });

  it("of workers that have measured nothing says so", async () => {
    const answer = await estimate([{ ...device, rates: [] }]);
    expect([answer.duration_seconds, answer.search_seconds]).toEqual([null, null]);
    expect(answer.reason).toContain("measured");
    expect(answer.memory.have_bytes).toBe(1e9);
  });

  it("is wide with speeds alone, and narrow around what finished jobs took", async () => {
    const wide = (await estimate([device])).trial.seconds;
    const narrow = (await estimate([{ ...device, finished: finished(2) }])).trial.seconds;
    expect((wide?.high ?? 0) / (wide?.low ?? 1)).toBeGreaterThan(5);
    expect(narrow?.low).toBeLessThan(2);
    expect(narrow?.high).toBeGreaterThan(2);
    expect((narrow?.high ?? 0) / (narrow?.low ?? 1)).toBeLessThan(2.1);
  });

  it("follows jobs on models of like size, and is wider the further these are", async () => {
    const near = finished(2, 1000);
    const far = finished(8, 64_000);
    const both = (await estimate([{ ...device, finished: [...near, ...far] }])).trial.seconds;
    const farAlone = (await estimate([{ ...device, finished: far }])).trial.seconds;
    expect(both?.low).toBeLessThan(2);
    expect(both?.high).toBeLessThan(8);
    expect((farAlone?.high ?? 0) / (farAlone?.low ?? 1)).toBeGreaterThan(20);
  });

  it("sums the steps, trials side by side at best and those of one worker at worst", async () => {
    const {
      search_seconds: search,
      duration_seconds: total,
      ...answer
    } = await estimate([{ ...device, finished: finished(1) }]);
    const [trial, refinement] = [answer.trial.seconds, answer.refinement.seconds];
    if (!search || !total || !trial || !refinement) throw new Error("nothing was estimated");
    expect(search.low).toBeCloseTo((5 * trial.low + 5 * refinement.low) / 4);
    expect(search.high).toBeCloseTo((5 * trial.high + 5 * refinement.high) / 2);
    const others = [answer.profile, answer.baselines, answer.export].map(({ seconds }) => seconds?.low ?? 0);
    expect(total.low).toBeCloseTo(others.reduce((sum, low) => sum + low, search.low));
  });

  it("ends a search with its budget, and reads statistics that are there", async () => {
    const measured = [{ ...device, finished: finished(1) }];
    expect((await estimate(measured, specOf({ max_duration_seconds: 1 }))).search_seconds).toEqual({ low: 1, high: 1 });
    expect((await estimate(measured, specOf(), true)).profile.seconds?.low).toBe(0);
  });

  it("spans the kinds of workers that there are", async () => {
    const slow = { ...device, machine: "slow", finished: finished(10) };
    const fast = { ...device, machine: "fast", finished: finished(1) };
    const { based_on: basis, duration_seconds: total } = await estimate([slow, fast]);
    expect(basis.map(({ machine }) => machine)).toEqual(["slow", "fast"]);
    expect(total).toEqual({ low: basis[1]?.duration_seconds?.low, high: basis[0]?.duration_seconds?.high });
  });
});
