import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecoderShape } from "@espalier/contracts";
import { layerOf } from "@espalier/graph";
import { expectedTensors, lazyWeights, openSafetensors, readTensor } from "@espalier/model";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memoryNeed, searchNeed } from "../src/execution/memory.js";
import { checkJobMemory, jobNeed, type ProfileMode, planProfile, streamedNeed } from "../src/execution/profile-plan.js";
import { type ProfileModelOptions, profileModel } from "../src/statistics/profile-model.js";
import { numbers } from "./numbers.js";
import { mixtralShape, writeMixtral } from "./seeded-mixtral.js";

const TOKENS = 6;

/** Of the largest number of an array. The runtime fuses other operations where a graph is a block: float32 rounding. */
const ROUNDING = 1e-5;

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "espalier-streamed-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

/** A decoder with small seeded weights. */
function seededModel(shape: DecoderShape, seed: number): ProfileModelOptions["model"] {
  const weights = new Map<string, Float32Array>();
  for (const [i, { name, shape: dims }] of expectedTensors({ family: "llama", shape }).entries()) {
    const values = numbers(
      dims.reduce((product, dim) => product * dim, 1),
      seed + i,
    );
    weights.set(
      name,
      Float32Array.from(values, (x) => (dims.length === 1 ? 1 + x / 4 : x / 2)),
    );
  }
  return { shape, weights, modelHash: `seed ${seed}`, tokenizerHash: "none" };
}

const windowsOf = (count: number, vocabSize: number): Int32Array[] =>
  Array.from({ length: count }, (_, i) =>
    Int32Array.from(numbers(TOKENS, 77 + i), (x) => Math.floor(((x + 1) / 2) * vocabSize)),
  );

const layer = fc.record({
  perKv: fc.integer({ min: 1, max: 2 }),
  kvHeads: fc.integer({ min: 0, max: 2 }),
  intermediateSize: fc.integer({ min: 0, max: 9 }),
});

const shapes: fc.Arbitrary<DecoderShape> = fc
  .record({ layers: fc.array(layer, { minLength: 1, maxLength: 3 }), tied: fc.boolean(), heads: fc.constantFrom(2, 4) })
  .map(({ layers, tied, heads }) => ({
    hiddenSize: 8,
    headDim: heads,
    vocabSize: 20,
    maxPositions: 16,
    ropeTheta: 10_000,
    rmsNormEps: 1e-5,
    tiedEmbeddings: tied,
    layers: layers.map(({ perKv, kvHeads, intermediateSize }) => ({
      heads: perKv * kvHeads,
      kvHeads,
      intermediateSize,
    })),
  }))
  .filter(({ layers }) => layers.some(({ kvHeads, intermediateSize }) => kvHeads + intermediateSize > 0));

const shape: DecoderShape = {
  hiddenSize: 16,
  headDim: 4,
  vocabSize: 20,
  maxPositions: 16,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: false,
  qkNorm: false,
  layers: Array.from({ length: 3 }, () => ({ heads: 4, kvHeads: 2, intermediateSize: 24 })),
};

/** Every array of every file of a profile. */
async function arrays(folder: string): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  for (const file of (await readdir(folder, { recursive: true })).sort()) {
    if (!file.endsWith(".safetensors")) continue;
    for (const [name, tensor] of (await openSafetensors(join(folder, file))).tensors) {
      found.set(`${file} ${name}`, await readTensor(tensor));
    }
  }
  return found;
}

/** Every file with its bytes. */
async function contents(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const read = names.map(
    async ({ name, parentPath }) => [name, (await readFile(join(parentPath, name))).toString("base64")] as const,
  );
  return new Map((await Promise.all(read)).sort());
}

/** Largest difference of two arrays against the largest number of the first; a missing similarity is NaN in both. */
function difference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let [scale, most] = [1e-30, 0];
  for (const [i, x] of a.entries()) {
    if (Number.isNaN(x) && Number.isNaN(b[i])) continue;
    scale = Math.max(scale, Math.abs(x));
    most = Math.max(most, Math.abs(x - b[i]));
  }
  return most / scale;
}

async function both(options: Omit<ProfileModelOptions, "dataDir">) {
  const dirs = { whole: await mkdtemp(join(dataDir, "whole-")), streamed: await mkdtemp(join(dataDir, "streamed-")) };
  const whole = await profileModel({ ...options, dataDir: dirs.whole, mode: "whole" });
  const streamed = await profileModel({ ...options, dataDir: dirs.streamed, mode: "streamed" });
  expect(streamed.key).toBe(whole.key);
  return { whole: join(dirs.whole, whole.key), streamed: join(dirs.streamed, streamed.key) };
}

async function expectEqual(options: Omit<ProfileModelOptions, "dataDir">): Promise<void> {
  const folders = await both(options);
  expect((await readdir(folders.streamed)).sort()).toEqual((await readdir(folders.whole)).sort());
  expect(await readFile(join(folders.streamed, "manifest.json"), "utf8")).toBe(
    await readFile(join(folders.whole, "manifest.json"), "utf8"),
  );
  const [whole, streamed] = [await arrays(folders.whole), await arrays(folders.streamed)];
  expect([...streamed.keys()]).toEqual([...whole.keys()]);
  for (const [name, values] of whole) {
    expect(difference(values, streamed.get(name) ?? new Float32Array()), name).toBeLessThan(ROUNDING);
  }
}

describe("streamed profile", () => {
  it("gives the files of the whole one, for any shape", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(1000), async (random, seed) => {
        await expectEqual({ model: seededModel(random, seed), windows: windowsOf(5, 20), clusters: 2 });
      }),
      { numRuns: 5, seed: 5 },
    );
  });

  it("gives them for half batches, for a gradient per sample, and for every option of a family", async () => {
    const windows = windowsOf(6, 20);
    await expectEqual({ model: seededModel(shape, 1), windows, clusters: 2, halfBatch: true });
    await expectEqual({ model: seededModel(shape, 1), windows, clusters: 2, gradientGroups: "samples" });
    const [first, ...rest] = shape.layers;
    const options: DecoderShape = {
      ...shape,
      qkNorm: true,
      biases: ["q_proj", "k_proj", "v_proj"],
      layers: [{ ...first, slidingWindow: 3 }, ...rest],
    };
    await expectEqual({ model: seededModel(options, 2), windows, clusters: 2 });
    const folder = join(dataDir, "mixtral");
    await writeMixtral(folder);
    const read = {
      weights: lazyWeights(await openSafetensors(join(folder, "model.safetensors"))),
      modelHash: "experts",
      tokenizerHash: "none",
    };
    await expectEqual({ model: { ...read, shape: mixtralShape }, windows, clusters: 2 });
  });

  it("goes on where it was stopped, wherever that was, to the same bytes", async () => {
    const options = { model: seededModel(shape, 4), windows: windowsOf(9, 20), clusters: 2, mode: "streamed" } as const;
    const { key } = await profileModel({ ...options, dataDir });
    const expected = await contents(join(dataDir, key));
    for (const share of [0, 4, 8]) {
      const resumed = await mkdtemp(join(dataDir, "resumed-"));
      const stop = new AbortController();
      const halfway = (done: number): void => {
        if (done >= share) stop.abort(new Error("stopped"));
      };
      const stopped = profileModel({ ...options, dataDir: resumed, signal: stop.signal, onProgress: halfway });
      await expect(stopped).rejects.toThrow("stopped");
      const reports: number[] = [];
      await profileModel({ ...options, dataDir: resumed, onProgress: (done) => reports.push(done) });
      expect(reports[0] ?? share).toBeGreaterThanOrEqual(share - 3);
      expect(await contents(join(resumed, key))).toEqual(expected);
    }
  });

  it("reads weights as it needs them, those of one block at a time", async () => {
    const { weights, ...model } = seededModel(shape, 6);
    const held = weights as ReadonlyMap<string, Float32Array>;
    const asked: (readonly string[])[] = [];
    const lazy = {
      all: () => Promise.reject(new Error("all weights were asked for")),
      some: async (names: readonly string[]) => {
        asked.push(names);
        return held;
      },
    };
    await profileModel({
      model: { ...model, weights: lazy },
      windows: windowsOf(3, 20),
      clusters: 1,
      dataDir,
      mode: "streamed",
    });
    const layersOf = (names: readonly string[]): number => new Set(names.map((name) => layerOf(name))).size;
    expect(asked.map(layersOf)).toEqual(asked.map(() => 1));
  });

  it("leaves nothing behind of a model whose loss is not finite", async () => {
    const model = seededModel(shape, 8);
    (model.weights as Map<string, Float32Array>).set("model.norm.weight", new Float32Array(16).fill(Number.NaN));
    const run = profileModel({ model, windows: windowsOf(2, 20), dataDir, mode: "streamed" });
    await expect(run).rejects.toMatchObject({ code: "MODEL_WEIGHTS_NOT_FINITE" });
    expect(await readdir(dataDir, { recursive: true })).toHaveLength(2);
  });
});

describe("profile plan", () => {
  const wide = {
    ...shape,
    layers: Array.from({ length: 40 }, () => ({ heads: 4, kvHeads: 2, intermediateSize: 400 })),
  };
  const request = { shape: wide, sequenceLength: 16, clusters: 8, weightGradients: true };
  const plan = (memoryBytes: number, mode?: ProfileMode) => planProfile({ ...request, memoryBytes }, mode);

  it("streams what does not fit whole, with the clusters that a whole one would have", () => {
    const enough = memoryNeed(request);
    expect(plan(enough).execution).toBe("whole");
    expect(plan(enough, "streamed")).toMatchObject({ execution: "streamed", clusters: plan(enough).clusters });
    expect(plan(enough - 1).execution).toBe("streamed");
    expect(() => plan(enough - 1, "whole")).toThrow(/need \d+ bytes of memory/);
    expect(streamedNeed(request)).toBeLessThan(enough / 10);
    expect(() => plan(streamedNeed(request) - 1)).toThrow(/need \d+ bytes of memory/);
  });

  it("asks of a job what its search holds", () => {
    expect(jobNeed(request, "whole")).toBe(memoryNeed(request));
    expect(jobNeed(request)).toBe(Math.min(searchNeed(request), memoryNeed(request)));
    expect(() => checkJobMemory({ ...request, memoryBytes: jobNeed(request) - 1 })).toThrow(/need \d+ bytes/);
  });
});
