import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { planMemory } from "../src/execution/memory.js";
import { type ProfileModelOptions, profileModel } from "../src/statistics/profile-model.js";
import { planShards } from "../src/statistics/shards.js";
import { openShippedModel, type ShippedModel } from "./shipped-model.js";

let model: ShippedModel;
let windows: readonly Int32Array[];
let dataDir: string;

beforeAll(async () => {
  model = await openShippedModel();
  windows = await model.windows(8, 16);
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "espalier-profile-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

const run = (options: Partial<ProfileModelOptions> = {}) =>
  profileModel({ model, windows, dataDir, clusters: 2, ...options });

/** Every file of a profile with its bytes. */
async function contents(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const read = names.map(async ({ name }) => [name, (await readFile(join(folder, name))).toString("base64")] as const);
  return new Map((await Promise.all(read)).sort());
}

describe("profile", () => {
  it("is found again by its content address, and computed anew for other windows", async () => {
    const first = await run();
    expect(first.reused).toBe(false);
    const second = await run();
    expect(second.reused).toBe(true);
    expect(second.key).toBe(first.key);
    const other = await run({ windows: await model.windows(8, 16, 8) });
    expect(other.reused).toBe(false);
    expect(other.key).not.toBe(first.key);
  });

  it("ends with the same bytes after being stopped in a shard", async () => {
    const whole = await run();
    const expected = await contents(join(dataDir, whole.key));
    await rm(join(dataDir, whole.key), { recursive: true });
    const stop = new AbortController();
    const halfway = (done: number): void => {
      if (done >= 5) stop.abort(new Error("stopped"));
    };
    await expect(run({ signal: stop.signal, onProgress: halfway })).rejects.toThrow("stopped");
    // What a kill leaves: a temporary file of a dead process.
    await writeFile(join(dataDir, whole.key, "cluster-0-part-0.safetensors.1.tmp"), "half a file");
    const resumed = await run();
    expect(resumed.reused).toBe(false);
    expect(await contents(join(dataDir, whole.key))).toEqual(expected);
  });

  it("keeps finished shards when it resumes", async () => {
    const whole = await run();
    const folder = join(dataDir, whole.key);
    await rm(join(folder, "manifest.json"));
    const shards = (await readdir(folder)).filter((name) => name.startsWith("cluster-"));
    await rm(join(folder, shards[0]));
    const reports: number[] = [];
    await run({ onProgress: (done) => reports.push(done) });
    // The observations and the other shard are there: progress starts beyond them.
    expect(Math.min(...reports)).toBeGreaterThan(2);
    expect(await readdir(folder)).toContain("manifest.json");
  });

  it("refuses a model that does not fit the memory with need and have", async () => {
    await expect(run({ memoryBytes: 1_000_000 })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      message: expect.stringMatching(/need \d+ bytes of memory and 1000000 are allowed/),
    });
  });

  it("refuses more per-sample gradients than the disk bound allows, saying how many fit", async () => {
    await expect(run({ gradientGroups: "samples", gradientBytes: 3_000_000 })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      message: expect.stringMatching(/at most 3 samples/),
      errors: [expect.objectContaining({ pointer: "/calibration/samples" })],
    });
  });

  it("names a model whose loss is not finite", async () => {
    const weights = new Map(model.weights);
    weights.set("model.norm.weight", new Float32Array(64).fill(Number.NaN));
    await expect(run({ model: { ...model, weights } })).rejects.toMatchObject({ code: "MODEL_WEIGHTS_NOT_FINITE" });
  });
});

describe("memory plan", () => {
  it("takes fewer clusters, then fewer rows, as memory shrinks", () => {
    const plan = (memoryBytes: number) =>
      planMemory({ shape: model.shape, sequenceLength: 64, memoryBytes, clusters: 8, weightGradients: true });
    let before = plan(2 ** 30);
    expect(before).toEqual({ microBatch: 8, clusters: 8 });
    for (let bytes = 2 ** 30; bytes > 13 * 2 ** 20; bytes *= 0.8) {
      const now = plan(bytes);
      expect(now.clusters).toBeLessThanOrEqual(before.clusters);
      expect(now.microBatch).toBeLessThanOrEqual(before.microBatch);
      before = now;
    }
    expect(before.clusters).toBeLessThan(8);
  });
});

describe("shards", () => {
  it("hold every sample once, at most so many each, by cluster", () => {
    const shards = planShards(Int32Array.from([1, 0, 1, 1, 0]), 2);
    expect(shards.map(({ cluster, samples }) => [cluster, samples])).toEqual([
      [0, [1, 4]],
      [1, [0, 2]],
      [1, [3]],
    ]);
    expect(new Set(shards.map(({ file }) => file)).size).toBe(3);
  });
});
