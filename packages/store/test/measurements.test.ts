import { newJobId } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { newJob, searchingJob } from "./support/jobs.js";
import { useStore } from "./support/open-test-store.js";

const store = useStore();
const device = {
  machine: "a machine",
  provider: "cpu",
  threads: 2,
  concurrency: 1,
  memoryBytes: 4 * 1024 ** 3,
  versions: "espalier 0.1.0",
};
const operations = { forward: 10, gradients: 20, algebra: 0 };
const piece = { step: "trial", scale: 100, operations, seconds: 3 } as const;

describe("what workers measured", () => {
  it("is kept by kind of worker; rates are replaced, pieces of a job's step add up", async () => {
    const { measurements } = store();
    expect(await measurements.devices()).toEqual([]);
    expect(await measurements.seen(device)).toBe(false);
    const rate = { kind: "forward", scale: 100, operations: 1e9, seconds: 2 } as const;
    await measurements.rate(device, [
      { ...rate, seconds: 9 },
      { ...rate, scale: 5 },
    ]);
    await measurements.rate(device, [rate]);
    expect(await measurements.seen(device)).toBe(true);
    const job = newJobId();
    await Promise.all([1, 2, 3].map(() => measurements.finished(device, job, piece)));
    await measurements.finished(device, newJobId(), piece);
    const [known, ...others] = await measurements.devices();
    expect(others).toEqual([]);
    expect(known).toMatchObject(device);
    expect(known?.rates).toHaveLength(2);
    expect(known?.rates).toContainEqual(rate);
    expect(known?.finished).toContainEqual({
      ...piece,
      operations: { forward: 30, gradients: 60, algebra: 0 },
      seconds: 9,
      pieces: 3,
    });
  });

  it("is of workers of the last day, or of the last one", async () => {
    const { measurements, sql } = store();
    await measurements.seen({ ...device, threads: 8 });
    await sql("UPDATE compute_devices SET seen_at = seen_at - interval '2 days' WHERE threads = 8");
    expect((await measurements.devices()).map(({ threads }) => threads)).toEqual([2]);
    await sql("UPDATE compute_devices SET seen_at = seen_at - interval '9 days'");
    expect((await measurements.devices()).map(({ threads }) => threads)).toEqual([2]);
  });

  it("does not grow without end", async () => {
    const { measurements } = store();
    const busy = { ...device, threads: 3 };
    await measurements.seen(busy);
    for (let n = 0; n < 60; n++) await measurements.finished(busy, newJobId(), piece);
    const known = (await measurements.devices()).find(({ threads }) => threads === 3);
    expect(known?.finished).toHaveLength(50);
  });

  it("knows whose statistics are there", async () => {
    const { measurements } = store();
    const { spec } = newJob();
    expect(await measurements.hasStatistics(spec)).toBe(false);
    await searchingJob(store());
    expect(await measurements.hasStatistics(spec)).toBe(true);
    const other = { ...spec, calibration: { ...spec.calibration, windows: 9 } };
    expect(await measurements.hasStatistics(other)).toBe(false);
  });
});
