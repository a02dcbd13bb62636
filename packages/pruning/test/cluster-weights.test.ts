import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { relativeError } from "../src/checks/comparison.js";
import { makeLossGradients } from "../src/refinement/loss-gradients.js";
import { compensatePlan } from "../src/search-context/compensated-weights.js";
import type { SearchContext } from "../src/search-context/context.js";
import { type Materials, prepareMaterials } from "../src/search-context/materials.js";
import { pruningSpace } from "../src/space/index.js";
import { profileInMemory } from "../src/statistics/memory-profile.js";
import type { Profile } from "../src/statistics/profile.js";
import { profileModel } from "../src/statistics/profile-model.js";
import { weightClusters, weightEqually, weightSubset } from "../src/statistics/weighting.js";
import { densePlan, type Plan } from "../src/units/index.js";
import { openShippedJob, usingShippedJob } from "./shipped-job.js";
import { openShippedModel, type ShippedModel } from "./shipped-model.js";
import { spaceContext } from "./space-context.js";

const SAMPLES = 12;
const TOKENS = 24;
const RUNS = { numRuns: 3 };

let model: ShippedModel;
let windows: readonly Int32Array[];
let dataDir: string;
let profile: Profile;
let materials: Materials;

beforeAll(async () => {
  model = await openShippedModel();
  windows = await model.windows(SAMPLES, TOKENS);
  dataDir = await mkdtemp(join(tmpdir(), "espalier-weights-"));
  profile = await profileModel({ model, windows, dataDir, clusters: 3 });
  materials = await prepareMaterials({ profile, weights: model.weights, seed: 0 });
});
afterAll(() => rm(dataDir, { recursive: true }));

/** How often each cluster counts; not all the same. */
const counts = () =>
  fc
    .array(fc.integer({ min: 0, max: 2 }), { minLength: profile.clusterCount, maxLength: profile.clusterCount })
    .filter((times) => new Set(times).size > 1);

const repeated = (times: readonly number[]): Int32Array[] =>
  windows.flatMap((window, i) => new Array<Int32Array>(times[profile.clusters[i]]).fill(window));

/** Half of the channels and one KV group fewer in every layer. */
function halfPlan(): Plan {
  return {
    layers: densePlan(model.shape).layers.map(({ kvGroups, channels }) => ({
      kvGroups: kvGroups.slice(1),
      channels: channels.filter((c) => c % 2 === 0),
    })),
  };
}

describe("second moments under cluster weights", () => {
  it("give the refit of a model that was calibrated on the weighted samples alone", async () => {
    const { shape, weights } = model;
    await fc.assert(
      fc.asyncProperty(counts(), async (times) => {
        const direct = await profileInMemory({ shape, weights, windows: repeated(times) });
        const expected = await prepareMaterials({ profile: direct, weights, seed: 0 });
        const found = await materials.repairFor(weightClusters(profile, times), "one");
        for (const [p, { gram = [], mean = [] }] of found.projections.entries()) {
          expect(relativeError(gram, expected.projections[p].gram ?? [])).toBeLessThan(1e-4);
          expect(relativeError(mean, expected.projections[p].mean ?? [])).toBeLessThan(1e-4);
        }
        const repair = { compensation: "least_squares", lambda: 1e-2 } as const;
        const refit = compensatePlan(found, halfPlan(), repair).weights;
        for (const [name, weight] of compensatePlan(expected, halfPlan(), repair).weights) {
          expect(relativeError(refit.get(name) ?? [], weight), name).toBeLessThan(1e-3);
        }
      }),
      RUNS,
    );
  });

  it("are those of all samples where the weights are equal, or name single samples", async () => {
    const same = await materials.repairFor(weightEqually(profile), "one");
    expect(same.projections === materials.projections).toBe(true);
    const scaled = weightClusters(profile, new Array<number>(profile.clusterCount).fill(0.3));
    expect((await materials.repairFor(scaled, "one")).projections === materials.projections).toBe(true);
    expect(
      (await materials.repairFor(weightSubset(profile, [0, 1]), "one")).projections === materials.projections,
    ).toBe(true);
  });

  it("are kept for the latest weighting", async () => {
    const weighting = weightClusters(profile, [1, 0.2, 0.4].slice(0, profile.clusterCount));
    const first = await materials.repairFor(weighting, "several");
    expect((await materials.repairFor(weighting, "several")) === first).toBe(true);
    await materials.repairFor(weightClusters(profile, [0.2, 1, 0.4].slice(0, profile.clusterCount)), "several");
    const again = await materials.repairFor(weighting, "several");
    // Compared outside: a failing or negated toBe would walk through all the numbers.
    expect(again === first).toBe(false);
    expect(relativeError(again.projections[1].gram ?? [], first.projections[1].gram ?? [])).toBe(0);
  });
});

describe("loss gradients under window weights", () => {
  it("equal those of the weighted windows alone", async () => {
    const { shape, weights } = model;
    const pruned = { plan: halfPlan() };
    const all = makeLossGradients({ shape, weights, windows, biases: false });
    await fc.assert(
      fc.asyncProperty(counts(), async (times) => {
        const { samples } = weightClusters(profile, times);
        const found = await all.measure(pruned, { windowWeights: samples });
        const alone = makeLossGradients({ shape, weights, windows: repeated(times), biases: false });
        const expected = await alone.measure(pruned);
        await alone.close();
        for (const [p, { slope, outputSlope, curvature }] of expected.entries()) {
          expect(relativeError(found[p].slope, slope)).toBeLessThan(1e-4);
          expect(relativeError(found[p].outputSlope, outputSlope)).toBeLessThan(1e-4);
          expect(relativeError(found[p].curvature, curvature)).toBeLessThan(1e-4);
        }
      }),
      RUNS,
    );
    await expect(all.measure(pruned, { windowWeights: new Float64Array(1) })).rejects.toThrow(/1 weights for 12/);
    await all.close();
  });
});

describe("cluster weights of a trial", () => {
  const share = { low: 0, high: 1 };
  let context: SearchContext;
  beforeAll(async () => {
    context = await openShippedJob(dataDir, { search: { space: { "cluster.0": share, "cluster.1": share } } });
  });
  afterAll(() => context.close());

  it("repair the same plan with other weights", async () => {
    const [point] = context.starts;
    const plan = await context.plan(point, 0.4);
    const even = await context.compensatedWeights(point, plan);
    const weighted = await context.compensatedWeights({ ...point, "cluster.0": 0 }, plan);
    expect([...weighted.weights.keys()]).toEqual([...even.weights.keys()]);
    for (const [name, weight] of weighted.weights) expect(weight).not.toEqual(even.weights.get(name));
  });

  it("exchange units by what counts, and give the same trial when what is stored is lost", async () => {
    const [point] = context.starts;
    const refined = { ...point, "cluster.0": 0, "cluster.1": 0.1, exchange: "10 10" };
    const first = await context.score(refined);
    expect(await context.plan(refined, 0.4)).not.toEqual(
      await context.plan({ ...refined, "cluster.0": 1, "cluster.1": 1 }, 0.4),
    );
    await rm(join(dataDir, context.profileKey, "effects"), { recursive: true });
    expect(await context.score(refined)).toEqual(first);
  });

  it.each([false, true])("reach repairs of a uniform layout only when asked to: %s", async (follows) => {
    const space = { "cluster.0": share, "compensation.cluster_weights": follows };
    await usingShippedJob(dataDir, { search: { space }, target: { layout: "uniform" } }, async (job) => {
      const [point] = job.starts;
      const plan = await job.plan(point, 0.4);
      const { weights } = await job.compensatedWeights(point, plan);
      const weighted = await job.compensatedWeights({ ...point, "cluster.0": 0 }, plan);
      const moved = [...weights].filter(
        ([name, weight]) => relativeError(weighted.weights.get(name) ?? [], weight) > 0,
      );
      expect(moved.length).toBe(follows ? weights.size : 0);
    });
  });

  it.each([
    [1, []],
    [2, ["cluster.0", "cluster.1"]],
  ])("are searched in a uniform layout where there is something to weigh: %i clusters", (clusters, expected) => {
    const { parameters } = pruningSpace("espalier", { ...spaceContext, layout: "uniform", clusters });
    expect(parameters.map(({ name }) => name).filter((name) => name.startsWith("cluster."))).toEqual(expected);
  });
});
