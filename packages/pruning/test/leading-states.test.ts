import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inputNames, projectionWeight } from "@espalier/graph";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planLeadingBlocks } from "../src/execution/memory.js";
import type { Candidate } from "../src/scoring/candidate.js";
import { type ForwardPool, openForwardPool } from "../src/scoring/forward-pool.js";
import { untouchedBlocks } from "../src/scoring/leading-states.js";
import { openScorer } from "../src/scoring/scorer.js";
import { neverPrunedBlocks } from "../src/space/leading-blocks.js";
import { pruningSpace } from "../src/space/pruning-space.js";
import { densePlan } from "../src/units/index.js";
import { usingShippedJob, WINDOWS } from "./shipped-job.js";
import { openShippedModel, type ShippedModel } from "./shipped-model.js";
import { spaceContext } from "./space-context.js";

let model: ShippedModel;
let pools: Record<"sliced" | "masked", ForwardPool>;
beforeAll(async () => {
  model = await openShippedModel();
  pools = {
    sliced: openForwardPool({ ...model, biases: true }),
    masked: openForwardPool({ ...model, biases: true, widths: "masked" }),
  };
});
afterAll(async () => {
  await pools.sliced.close();
  await pools.masked.close();
});

/** Any candidate that leaves its first blocks whole; later ones may be empty, refitted and biased. */
function candidates(protectedBlocks: number): fc.Arbitrary<Candidate> {
  const dense = densePlan(model.shape).layers;
  const layers = dense.map(({ kvGroups, channels }, layer) => {
    const some = (units: Int32Array) =>
      layer < protectedBlocks
        ? fc.constant(units)
        : fc.oneof(
            fc.subarray([...units]).map((kept) => Int32Array.from(kept)),
            fc.constant(new Int32Array(0)),
          );
    return fc.record({ kvGroups: some(kvGroups), channels: some(channels) });
  });
  const changed = fc.record({
    layer: fc.integer({ min: protectedBlocks, max: dense.length - 1 }),
    scale: fc.constantFrom(0.5, 1, 1.5),
    bias: fc.constantFrom(0, 0.1),
  });
  return fc.tuple(fc.tuple(...layers), changed).map(([kept, { layer, scale, bias }]) => {
    const name = projectionWeight(layer, "down_proj");
    const weight = model.weights.get(name) ?? new Float32Array(0);
    return {
      plan: { layers: kept },
      weights: new Map([[name, weight.map((value) => value * scale)]]),
      biases: new Map([[inputNames.projectionBias(layer, "o_proj"), new Float32Array(64).fill(bias)]]),
    };
  });
}

describe("a scorer that keeps the states behind leading blocks", () => {
  it.each([
    [1, "sliced", undefined],
    [2, "masked", 4],
    [3, "sliced", 4],
  ] as const)(
    "gives any candidate with %i whole blocks the losses that it has without (%s, race seed %s)",
    async (leadingBlocks, widths, raceSeed) => {
      const pool = pools[widths];
      const sources = [
        { windows: await model.windows(9, 16), weight: 3 },
        { windows: await model.windows(3, 24, 20), weight: 1 },
      ];
      const direct = await openScorer(pool, sources, { raceSeed });
      const kept = await openScorer(pool, sources, { raceSeed, leadingBlocks });
      const property = fc.asyncProperty(candidates(leadingBlocks), async (candidate) => {
        expect(untouchedBlocks(model.shape, candidate)).toBeGreaterThanOrEqual(leadingBlocks);
        const [a, b] = [await kept.score(candidate), await direct.score(candidate)];
        a.windowLosses.forEach((loss, window) => {
          expect(Math.abs(loss / b.windowLosses[window] - 1)).toBeLessThan(1e-6);
        });
        expect(await kept.score(candidate)).toEqual(a);
      });
      await fc.assert(property, { seed: 11, numRuns: 8 });
    },
  );

  it("runs candidates that touch these blocks from the embeddings on", async () => {
    const sources = [{ windows: await model.windows(4, 16), weight: 1 }];
    const kept = await openScorer(pools.sliced, sources, { leadingBlocks: 2 });
    const direct = await openScorer(pools.sliced, sources);
    const plan = densePlan(model.shape);
    const name = projectionWeight(1, "o_proj");
    const oneOfTwo = Int32Array.of(0, 2, 4, 6);
    const touching: Candidate[] = [
      {
        plan: { layers: plan.layers.map((layer, l) => (l === 1 ? { ...layer, channels: new Int32Array(1) } : layer)) },
      },
      { plan: { layers: plan.layers.map((layer, l) => (l === 1 ? { ...layer, queryHeads: oneOfTwo } : layer)) } },
      { plan, weights: new Map([[name, new Float32Array(64 * 64)]]) },
      { plan, biases: new Map([[inputNames.projectionBias(0, "o_proj"), new Float32Array(64).fill(0.3)]]) },
      { plan, weights: new Map([["model.embed_tokens.weight", new Float32Array(512 * 64).fill(0.1)]]) },
    ];
    expect(touching.map((candidate) => untouchedBlocks(model.shape, candidate))).toEqual([1, 1, 1, 0, 0]);
    expect(untouchedBlocks(model.shape, { plan })).toBe(model.shape.layers.length);
    for (const candidate of touching) expect(await kept.score(candidate)).toEqual(await direct.score(candidate));
  });

  it("has memory for them in the plan, or does not keep them", () => {
    const bytes = 4 * 1000 * model.shape.hiddenSize;
    expect(planLeadingBlocks(model.shape, 2, 1000, 2 ** 30)).toEqual({ blocks: 2, bytes });
    expect(planLeadingBlocks(model.shape, 2, 1000, 4 * bytes)).toEqual({ blocks: 0, bytes: 0 });
    expect(planLeadingBlocks(model.shape, 0, 1000, 2 ** 30)).toEqual({ blocks: 0, bytes: 0 });
  });
});

describe("a job whose first blocks are protected", () => {
  it("scores its trials as a scorer does that keeps nothing", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "espalier-leading-"));
    await usingShippedJob(dataDir, { search: { space: { "protect.first": 2 } } }, async (context) => {
      const [params] = context.starts;
      const { windowLosses } = await context.score(params);
      const plan = await context.plan(params, 0.4);
      expect(untouchedBlocks(model.shape, { plan })).toBe(2);
      const compensated = await context.compensatedWeights(params, plan);
      const windows = await model.windows(WINDOWS, 24, 2 * WINDOWS);
      const direct = await (await openScorer(pools.masked, [{ windows, weight: 1 }])).score({ plan, ...compensated });
      direct.windowLosses.forEach((loss, window) => {
        expect(Math.abs(loss / windowLosses[1][window] - 1)).toBeLessThan(1e-6);
      });
    });
    await rm(dataDir, { recursive: true });
  });
});

describe("the blocks that no point of a space prunes", () => {
  it.each([
    [{}, 0],
    [{ "protect.first": 2 }, 2],
    [{ "protect.first": { low: 1, high: 2 } }, 1],
    [{ "protect.first": { choices: [2, 1] } }, 1],
    [{ "protect.first": { low: 1, high: 2, when: { compensation: ["none"] } } }, 0],
  ])("with %j are %i", (overrides, blocks) => {
    expect(neverPrunedBlocks(pruningSpace("espalier", spaceContext, overrides))).toBe(blocks);
  });
});
