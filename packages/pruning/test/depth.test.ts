import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, type DecoderShape } from "@espalier/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allocate, allocationNames, type DropCounts, droppedSubBlocks } from "../src/allocation/index.js";
import { bias } from "../src/compensation/bias.js";
import { InverseCache } from "../src/compensation/index.js";
import { exchangeUnits } from "../src/refinement/exchange.js";
import {
  densePlan,
  keptWidths,
  type LayerWidths,
  type Plan,
  planShape,
  planSparsity,
  prunableParameters,
  totalParameters,
  unitCosts,
} from "../src/units/index.js";
import { type Changes, usingShippedJob } from "./shipped-job.js";

const shape: DecoderShape = {
  hiddenSize: 16,
  headDim: 4,
  vocabSize: 32,
  maxPositions: 64,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: 6 }, () => ({ heads: 8, kvHeads: 4, intermediateSize: 40 })),
};
const neutral = { attentionFactor: 0, depthTilt: 0, depthCurvature: 0, equalisation: 0, similarity: 0 };
const blockChange = {
  block: [0.9, 0.1, 0.5, 0.2, 0.4, 0.8],
  attention: [0.3, 0.3, 0.1, 0.2, 0.4, 0.5],
  mlp: [0.6, 0.5, 0.4, 0.3, 0.2, 0.1],
};
const flat = {
  attention: shape.layers.map((_, l) => new Float64Array(4).fill(1 + l)),
  mlp: shape.layers.map((_, l) => new Float64Array(40).fill(1 + l)),
};
const none: DropCounts = { blocks: 0, attention: 0, mlp: 0 };
const places = (dropped: readonly boolean[]) => dropped.flatMap((gone, l) => (gone ? [l] : []));
const planOf = (widths: readonly LayerWidths[]): Plan => ({
  layers: widths.map(({ kvGroups, channels }) => ({
    kvGroups: densePlan(shape).layers[0].kvGroups.slice(0, kvGroups),
    channels: densePlan(shape).layers[0].channels.slice(0, channels),
  })),
});

describe("dropping", () => {
  const drop = (counts: Partial<DropCounts>, sparsity = 0.5, protectFirst = 0) =>
    droppedSubBlocks(shape, { sparsity, drop: { ...none, ...counts }, blockChange, protectFirst });

  it("takes what changes its input least, whole blocks before sub-blocks", () => {
    expect(places(drop({ blocks: 2 }).attention)).toEqual([1, 3]);
    expect(places(drop({ blocks: 2 }).mlp)).toEqual([1, 3]);
    const both = drop({ blocks: 1, attention: 1, mlp: 1 });
    expect([places(both.attention), places(both.mlp)]).toEqual([
      [1, 2],
      [1, 5],
    ]);
  });

  it("never takes more than the sparsity pays for, and more for a larger sparsity", () => {
    expect(places(drop({ blocks: 5 }, 0.1).mlp)).toEqual([]);
    expect(places(drop({ blocks: 5 }, 0.2).mlp)).toEqual([1]);
    expect(places(drop({ blocks: 5 }, 0.5).mlp)).toEqual([1, 3, 4]);
    // What is left is too little for a block, but enough for an attention.
    expect(places(drop({ blocks: 5, attention: 5 }, 0.25).attention)).toEqual([1, 2]);
  });

  it("leaves protected blocks alone, and one sub-block of each kind", () => {
    expect(places(drop({ blocks: 1 }, 0.5, 2).attention)).toEqual([3]);
    expect(places(drop({ attention: 5 }, 0.99).attention)).toHaveLength(5);
    expect(places(drop({ blocks: 1, attention: 5 }, 0.99).attention)).toHaveLength(5);
  });

  it("needs measured changes", () => {
    expect(() => droppedSubBlocks(shape, { sparsity: 0.5, drop: { ...none, mlp: 1 } })).toThrow(RangeError);
  });
});

const counts = fc.record({ blocks: fc.nat(3), attention: fc.nat(5), mlp: fc.nat(5) });
const channel = unitCosts(shape).mlp[0];

describe("widths beside dropped sub-blocks", () => {
  it("meet the target within a channel step, whatever is dropped", () => {
    fc.assert(
      fc.property(
        counts,
        fc.constantFrom(...allocationNames),
        fc.constantFrom(1, 8),
        fc.double({ min: 0.05, max: 0.8, noNaN: true }),
        (drop, allocation, roundTo, sparsity) => {
          const uniform = allocation === "equal";
          const asked = uniform ? { ...none, blocks: drop.blocks } : drop;
          const settings = { sparsity, roundTo, drop: asked, blockChange };
          const dropped = droppedSubBlocks(shape, settings);
          let widths: LayerWidths[];
          try {
            widths = allocate(shape, flat, { ...settings, allocation, modifiers: neutral });
          } catch (error) {
            // A sparsity beyond the minimal widths is refused, not bent.
            expect(error).toBeInstanceOf(AppError);
            return;
          }
          for (const [l, { kvGroups, channels }] of widths.entries()) {
            expect(kvGroups === 0).toBe(dropped.attention[l]);
            expect(channels === 0).toBe(dropped.mlp[l]);
          }
          if (uniform) expect(new Set(widths.map((w) => `${w.kvGroups} ${w.channels}`)).size).toBeLessThan(3);
          const achieved = planSparsity(shape, planOf(widths));
          expect(achieved).toBeGreaterThan(sparsity - 1e-9);
          const room = widths.some((w, l) => !dropped.mlp[l] && w.channels < 40);
          const step = (uniform ? 6 : 1) * roundTo * channel;
          if (room) expect(achieved).toBeLessThan(sparsity + step / prunableParameters(shape));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("reach sparsities that minimal widths alone cannot", () => {
    const ask = (drop: DropCounts) =>
      allocate(shape, flat, {
        sparsity: 0.6,
        roundTo: 32,
        allocation: "global",
        modifiers: neutral,
        drop,
        blockChange,
      });
    expect(() => ask(none)).toThrow(AppError);
    expect(ask({ ...none, blocks: 2 }).filter(({ channels }) => channels === 0)).toHaveLength(2);
  });

  it("count the norms of what is gone", () => {
    const widths = densePlan(shape).layers.map((_, l) => ({ kvGroups: l === 1 ? 0 : 4, channels: l === 1 ? 0 : 40 }));
    const pruned = planShape(shape, planOf(widths));
    const block = 4 * unitCosts(shape).attention[0] + 40 * channel + 2 * shape.hiddenSize;
    expect(totalParameters(pruned)).toBe(totalParameters(shape) - block);
  });

  it("stay as they are where rounds of exchange would fill them", () => {
    const widths = allocate(shape, flat, {
      sparsity: 0.5,
      allocation: "global",
      modifiers: neutral,
      drop: { blocks: 1, attention: 1, mlp: 1 },
      blockChange,
    });
    // Everything that is gone would help more than anything kept.
    const effects = {
      attention: shape.layers.map(() => ({ first: new Float32Array(4).fill(-1), second: new Float32Array(4) })),
      mlp: shape.layers.map(() => ({ first: new Float32Array(40).fill(-1), second: new Float32Array(40) })),
    };
    for (const layout of ["free", "uniform"] as const) {
      const round = { share: 0.5, draw: 0, sparsity: 0.5, layout };
      const after = keptWidths(exchangeUnits(shape, planOf(widths), effects, round));
      after.forEach(({ kvGroups, channels }, l) => {
        expect(kvGroups === 0).toBe(widths[l].kvGroups === 0);
        expect(channels === 0).toBe(widths[l].channels === 0);
      });
    }
  });

  it("are shared equally among the blocks that a pruned model still has", () => {
    const layers = shape.layers.map((layer, l) => (l === 2 ? { heads: 0, kvHeads: 0, intermediateSize: 0 } : layer));
    const short = { ...shape, layers };
    const densities = {
      attention: layers.map(({ kvHeads }) => new Float64Array(kvHeads).fill(1)),
      mlp: layers.map(({ intermediateSize }) => new Float64Array(intermediateSize).fill(1)),
    };
    const widths = allocate(short, densities, { sparsity: 0.5, allocation: "equal", modifiers: neutral });
    expect(widths[2]).toEqual({ kvGroups: 0, channels: 0 });
    expect(new Set(widths.map((w) => w.channels)).size).toBe(2);
  });

  it("get no bias: there is no projection left to carry it", () => {
    const statistics = {
      layer: 0,
      projection: "o_proj" as const,
      inputs: 2,
      outputs: 1,
      weight: Float32Array.of(1, 1),
      mean: Float64Array.of(1, 1),
    };
    const options = { lambda: 1e-3, cache: new InverseCache() };
    expect(bias.refit(statistics, new Int32Array(0), options)).toEqual({});
  });
});

describe("a job that drops", () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "espalier-depth-"));
  });
  afterAll(() => rm(dataDir, { recursive: true }));
  const upTo = (high: number) => ({ low: 0, high });
  const opened: Changes["search"] = {
    space: { "depth.drop_blocks": upTo(2), "depth.drop_attention": upTo(2), "depth.drop_mlp": upTo(2) },
  };

  it.each(["none", "bias", "least_squares"] as const)("scores, plans and repairs ('%s')", async (compensation) => {
    await usingShippedJob(dataDir, { compensation, search: opened }, async (context) => {
      const [start] = context.starts;
      expect(start).toMatchObject({ "depth.drop_blocks": 0, "depth.drop_attention": 0, "depth.drop_mlp": 0 });
      const params = { ...start, "depth.drop_blocks": 1, "depth.drop_attention": 1, "depth.drop_mlp": 1 };
      const { score, results } = await context.score(params);
      expect(score).not.toBeNull();
      const empty = (widths: readonly number[]) => widths.filter((width) => width === 0).length;
      // 20 % of five blocks pays for one block and nothing else.
      expect(results.map((r) => [empty(r.kv_groups), empty(r.channels)])).toEqual([
        [1, 1],
        [2, 2],
      ]);
      for (const { sparsity, achieved_sparsity } of results) expect(achieved_sparsity).toBeGreaterThan(sparsity - 1e-9);
      const plan = await context.plan(params, 0.4);
      const compensated = await context.compensatedWeights(params, plan);
      plan.layers.forEach(({ kvGroups, channels }, l) => {
        const changed = [...compensated.weights.keys(), ...compensated.biases.keys()].filter((name) =>
          name.includes(`layers.${l}.`),
        );
        if (kvGroups.length === 0) expect(changed.filter((name) => name.includes("o_proj"))).toEqual([]);
        if (channels.length === 0) expect(changed.filter((name) => name.includes("down_proj"))).toEqual([]);
      });
      const masked = await context.maskedReportLosses(plan, compensated);
      const { windowLosses } = await context.report([{ sparsity: 0.4, trialNumber: 0, params }], []);
      windowLosses[0].forEach((loss, i) => {
        expect(Math.abs(masked[i] / loss - 1)).toBeLessThan(1e-5);
      });
      const refined = await context.score({ ...params, exchange: "10 5@3" });
      expect(refined.results.map((r) => [empty(r.kv_groups), empty(r.channels)])).toEqual([
        [1, 1],
        [2, 2],
      ]);
    });
  });

  it("drops whole blocks of equal layers only", async () => {
    const changes: Changes = {
      target: { layout: "uniform", sparsity: [0.4] },
      search: { space: { "depth.drop_blocks": upTo(2) } },
    };
    await usingShippedJob(dataDir, changes, async (context) => {
      const { results } = await context.score({ ...context.starts[0], "depth.drop_blocks": 1 });
      const widths = results[0].channels.map((channels, l) => `${results[0].kv_groups[l]} ${channels}`).sort();
      expect(widths[0]).toBe("0 0");
      expect(new Set(widths.slice(1)).size).toBe(1);
    });
    const partly: Changes = { target: { layout: "uniform" }, search: { space: { "depth.drop_mlp": 1 } } };
    await expect(usingShippedJob(dataDir, partly, async () => 0)).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
  });
});
