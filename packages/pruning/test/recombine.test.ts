import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { relativeError } from "../src/checks/comparison.js";
import { measuredMetricNames, measuredMetrics } from "../src/importance/metrics/registry.js";
import { knowsUnits } from "../src/importance/metrics-of.js";
import { recombineGram } from "../src/statistics/gram.js";
import { profileInMemory } from "../src/statistics/memory-profile.js";
import type { Profile } from "../src/statistics/profile.js";
import { profileModel } from "../src/statistics/profile-model.js";
import { recombine, type WeightedStatistics } from "../src/statistics/recombine.js";
import { type Weighting, weightClusters, weightEqually, weightSubset } from "../src/statistics/weighting.js";
import { projectionNames } from "../src/units/index.js";
import { openShippedModel, type ShippedModel } from "./shipped-model.js";

/** Relative tolerance of recombined against directly computed scores, float32 on both sides. */
const TOLERANCE = 1e-4;
const SAMPLES = 12;
const TOKENS = 24;
const RUNS = { numRuns: 4 };

let model: ShippedModel;
let windows: readonly Int32Array[];
let dataDir: string;
let profile: Profile;

beforeAll(async () => {
  model = await openShippedModel();
  windows = await model.windows(SAMPLES, TOKENS);
  dataDir = await mkdtemp(join(tmpdir(), "espalier-recombine-"));
  profile = await profileModel({ model, windows, dataDir, clusters: 3, gradientGroups: "samples" });
});
afterAll(() => rm(dataDir, { recursive: true }));

const repeated = (times: readonly number[]): Int32Array[] =>
  times.flatMap((count, i) => new Array<Int32Array>(count).fill(windows[i]));

/** Every metric's vector scores in one row each, scaled to norm one: only `wanda_sp` has a scale that counts samples. */
function allScores(statistics: WeightedStatistics): Map<string, Float64Array> {
  const { shape, weights } = model;
  return new Map(
    measuredMetricNames
      .filter((name) => name !== "random" && knowsUnits(shape, name))
      .map((name) => {
        const scores = measuredMetrics[name].score({ shape, weights, statistics, seed: 0 });
        if (scores.per !== "vector") throw new TypeError(`${name} scores units`);
        const row = scores.layers.flatMap((layer) => projectionNames.flatMap((p) => [...(layer[p] ?? [])]));
        const norm = name === "wanda_sp" ? Math.hypot(...row) : 1;
        return [name, Float64Array.from(row, (x) => x / norm)];
      }),
  );
}

async function expectDirect(weighting: Weighting, times: readonly number[]): Promise<void> {
  const { shape, weights } = model;
  const direct = await profileInMemory({ shape, weights, windows: repeated(times) });
  const expected = allScores(await recombine(direct, weightEqually(direct), true));
  const found = allScores(await recombine(profile, weighting, true));
  for (const [name, row] of expected) {
    expect(relativeError(found.get(name) ?? [], row), name).toBeLessThan(TOLERANCE);
  }
}

describe("metrics from cached statistics equal direct computation", () => {
  it("on random subsets of samples, repeats included", async () => {
    const subset = fc.array(fc.integer({ min: 0, max: SAMPLES - 1 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(subset, async (samples) => {
        const times = windows.map((_, i) => samples.filter((s) => s === i).length);
        await expectDirect(weightSubset(profile, samples), times);
      }),
      RUNS,
    );
  });

  it("on random weights of the clusters", async () => {
    const times = fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 })
      .filter((t) => t.some((x) => x > 0));
    await fc.assert(
      fc.asyncProperty(times, async (perCluster) => {
        const weights = perCluster.slice(0, profile.clusterCount);
        await expectDirect(
          weightClusters(profile, weights),
          [...profile.clusters].map((c) => weights[c]),
        );
      }),
      RUNS,
    );
  });

  it("for Gram matrices on weights of the clusters", async () => {
    const weighting = weightClusters(profile, [2, 1, 0]);
    const times = [...profile.clusters].map((c) => [2, 1, 0][c]);
    const { shape, weights } = model;
    const direct = await profileInMemory({ shape, weights, windows: repeated(times) });
    for (const projection of ["o_proj", "down_proj"] as const) {
      const found = await recombineGram(profile, 2, projection, weighting);
      expect(relativeError(found, await recombineGram(direct, 2, projection))).toBeLessThan(TOLERANCE);
    }
  });
});

describe("weightings", () => {
  it("sum to one, all-zero cluster weights meaning all alike", () => {
    const equal = weightClusters(profile, [0, 0, 0]);
    expect([...equal.samples]).toEqual([...weightEqually(profile).samples]);
    for (const { samples } of [equal, weightClusters(profile, [0.2, 0, 1]), weightSubset(profile, [3, 3, 1])]) {
      expect(samples.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
  });

  it("refuse what they cannot weigh", async () => {
    expect(() => weightClusters(profile, [1])).toThrow(/1 cluster weights for 3 clusters/);
    expect(() => weightClusters(profile, [1, -1, 1])).toThrow(/weight of cluster 1 is -1/);
    expect(() => weightSubset(profile, [SAMPLES])).toThrow(/sample 12 of a pool of 12/);
    expect(() => weightSubset(profile, [])).toThrow(/no samples/);
    const statistics = await recombine(profile, weightEqually(profile), false);
    expect(() => statistics.gradient(0, "q_proj")).toThrow(/was not prepared/);
  });
});

describe("the metric random", () => {
  it("depends on its seed alone", async () => {
    const statistics = await recombine(profile, weightEqually(profile), false);
    const draw = (seed: number) => measuredMetrics.random.score({ ...model, statistics, seed });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
