import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, type DecoderShape } from "@espalier/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allocate, allocationNames, type ThinnedModel, thinQueryHeads } from "../src/allocation/index.js";
import { queryHeadShares } from "../src/importance/query-heads.js";
import { planFromWidths } from "../src/plan/index.js";
import { exchangeUnits } from "../src/refinement/exchange.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import {
  densePlan,
  keptQueryHeads,
  type Plan,
  planGates,
  planShape,
  planSparsity,
  prunableParameters,
  unitCosts,
} from "../src/units/index.js";
import { numbers } from "./numbers.js";
import { usingShippedJob } from "./shipped-job.js";
import { openShippedModel } from "./shipped-model.js";

const shape: DecoderShape = {
  hiddenSize: 16,
  headDim: 4,
  vocabSize: 32,
  maxPositions: 64,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: 5 }, () => ({ heads: 12, kvHeads: 4, intermediateSize: 40 })),
};
const neutral = { attentionFactor: 0, depthTilt: 0, depthCurvature: 0, equalisation: 0, similarity: 0 };
const channel = unitCosts(shape).mlp[0];
const positive = (count: number, seed: number) => numbers(count, seed).map((x) => x * x);
const made = (seed: number) => ({
  densities: {
    attention: shape.layers.map((_, l) => positive(4, seed + l)),
    mlp: shape.layers.map((_, l) => positive(40, seed + 100 + l)),
  },
  shares: shape.layers.map((_, l) => positive(12, seed + 200 + l).map((x) => x / (3 + 3 * x))),
});

describe("a plan with fewer query heads", () => {
  const plan = (queryHeads: readonly number[], kvGroups = [1, 3]): Plan => ({
    layers: densePlan(shape).layers.map((layer, l) =>
      l === 2 ? { ...layer, kvGroups: Int32Array.from(kvGroups), queryHeads: Int32Array.from(queryHeads) } : layer,
    ),
  });
  const thin = plan([0, 2, 3, 4, 7, 8, 10, 11]);

  it("keeps those of its kept KV groups, and costs what they cost", () => {
    expect([...keptQueryHeads(shape.layers[2], thin.layers[2])]).toEqual([3, 4, 10, 11]);
    expect(planShape(shape, thin).layers[2]).toEqual({ heads: 4, kvHeads: 2, intermediateSize: 40 });
    expect([...planGates(shape, thin)[2].attention]).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1]);
    // Two groups of 2 + 6 vectors are gone, and of the other two one head with its 2.
    const gone = 4 * 16 * (2 * (2 + 6) + 2 * 2);
    expect(planSparsity(shape, thin)).toBeCloseTo(gone / prunableParameters(shape), 12);
  });

  it.each([
    { why: "uneven", heads: [0, 1, 3, 6, 9] },
    { why: "of another group", heads: [0, 1, 2, 9] },
    { why: "descending", heads: [1, 0, 3, 4, 6, 7, 9, 10] },
    { why: "of none", heads: [] },
  ])("is refused where they are $why", ({ heads }) => {
    expect(() => planShape(shape, plan(heads))).toThrow(/query heads of layer 2/);
  });
});

describe("shares of query heads", () => {
  it("are a head's vectors of q and o against all of its group's", () => {
    const ones = (count: number) => new Float64Array(count).fill(1);
    const layers = shape.layers.map(() => ({
      q_proj: Float64Array.from({ length: 48 }, (_, v) => (v < 4 ? 3 : 1)),
      k_proj: ones(16),
      v_proj: ones(16),
      o_proj: ones(48),
    }));
    const [shares] = queryHeadShares(shape, [{ name: "m", weight: 1, scores: { per: "vector", layers } }]);
    // Group 0: (3 + 1)·4 of 12 + 4 + 4 + 4 + 4 + 12.
    expect(shares[0]).toBeCloseTo(16 / 40, 12);
    expect(shares[1]).toBeCloseTo(8 / 40, 12);
    expect(shares[3]).toBeCloseTo(8 / 32, 12);
  });

  it("are those of the parameters where a metric knows no heads, and a mean over the metrics", () => {
    const scores = { attention: shape.layers.map(() => positive(4, 1)), mlp: shape.layers.map(() => positive(40, 1)) };
    const heads = scores.attention.map((groups) =>
      Float64Array.from({ length: 12 }, (_, h) => groups[(h / 3) | 0] / 2),
    );
    const unaware = { name: "a", weight: 1, scores: { per: "unit" as const, scores } };
    const aware = { name: "b", weight: 3, scores: { per: "unit" as const, scores, queryHeads: heads } };
    expect(queryHeadShares(shape, [unaware])[0][5]).toBeCloseTo(1 / 4, 12);
    expect(queryHeadShares(shape, [unaware, aware])[0][5]).toBeCloseTo(0.25 * 0.25 + 0.75 * 0.5, 12);
  });
});

/** Thinned, then allocated: the way of every plan. */
function planned(seed: number, settings: Omit<Parameters<typeof thinQueryHeads>[3], "modifiers">) {
  const { densities, shares } = made(seed);
  const all = { ...settings, modifiers: neutral };
  const thin = thinQueryHeads(shape, densities, shares, all);
  const widths = allocate(thin.shape, thin.densities, { ...all, sparsity: thin.sparsity });
  const { layers } = planFromWidths(thin.shape, widths, thin.densities, undefined, 0);
  return { thin, plan: { layers: layers.map((kept, l) => ({ ...kept, ...thin.layers[l] })) } };
}

const perGroup = ({ layers }: ThinnedModel) => layers.map(({ queryHeads }) => (queryHeads?.length ?? 12) / 4);

describe("thinning", () => {
  it("meets the target within a channel step, protects, and leaves equal layers equal", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.constantFrom(...allocationNames),
        fc.constantFrom(1, 8),
        fc.double({ min: 0.05, max: 0.85, noNaN: true }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        (seed, allocation, roundTo, sparsity, queryHeads) => {
          const protect = allocation === "equal" ? {} : { protectFirst: 1, protectLast: 1 };
          let found: ReturnType<typeof planned>;
          try {
            found = planned(seed, { allocation, roundTo, sparsity, queryHeads, ...protect });
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            return;
          }
          const { plan, thin } = found;
          const achieved = planSparsity(shape, plan);
          expect(achieved).toBeGreaterThanOrEqual(sparsity - 1e-9);
          const step = (roundTo * channel * (allocation === "equal" ? 5 : 1)) / prunableParameters(shape);
          const full = plan.layers.every(({ channels }) => channels.length === 40);
          if (!full) expect(achieved).toBeLessThan(sparsity + step);
          if (allocation === "equal") expect(new Set(perGroup(thin)).size).toBe(1);
          else expect([perGroup(thin)[0], perGroup(thin)[4]]).toEqual([3, 3]);
        },
      ),
    );
  });

  it("takes the heads with the least share, none at a readiness near 0, more at a larger one", () => {
    const at = (queryHeads: number) => planned(7, { allocation: "global", sparsity: 0.5, queryHeads }).thin;
    expect(perGroup(at(1e-9))).toEqual([3, 3, 3, 3, 3]);
    const sum = (thin: ThinnedModel) => perGroup(thin).reduce((a, b) => a + b, 0);
    expect(sum(at(10))).toBeLessThan(sum(at(1)));
    const { shares } = made(7);
    for (const [l, { queryHeads }] of at(10).layers.entries()) {
      const gone = [...shares[l].keys()].filter((head) => queryHeads !== undefined && !queryHeads.includes(head));
      for (const head of gone) {
        const group = Math.floor(head / 3);
        for (const stays of queryHeads?.filter((h) => Math.floor(h / 3) === group) ?? []) {
          expect(shares[l][head]).toBeLessThanOrEqual(shares[l][stays]);
        }
      }
    }
  });

  it("outlasts rounds of exchange, which keep the sparsity", () => {
    for (const layout of ["free", "uniform"] as const) {
      const allocation = layout === "free" ? "global" : "equal";
      const { plan } = planned(3, { allocation, sparsity: 0.5, queryHeads: 5 });
      const effects = {
        attention: shape.layers.map((_, l) => ({
          first: Float32Array.from(numbers(4, l)),
          second: new Float32Array(4),
        })),
        mlp: shape.layers.map((_, l) => ({ first: Float32Array.from(numbers(40, l)), second: new Float32Array(40) })),
      };
      const after = exchangeUnits(shape, plan, effects, { share: 0.3, draw: 0, sparsity: 0.5, layout });
      expect(after).not.toEqual(plan);
      expect(after.layers.map(({ queryHeads }) => queryHeads)).toEqual(plan.layers.map(({ queryHeads }) => queryHeads));
      const step = (5 * channel) / prunableParameters(shape);
      expect(planSparsity(shape, after)).toBeGreaterThanOrEqual(0.5 - 1e-9);
      expect(planSparsity(shape, after)).toBeLessThan(0.5 + step);
    }
  });
});

describe("candidates with fewer query heads", () => {
  it("lose the same in their own widths as behind gates", async () => {
    const model = await openShippedModel();
    const pools = (["sliced", "masked"] as const).map((widths) => openForwardPool({ ...model, biases: true, widths }));
    const source = { windows: await model.windows(2, 16), weight: 1 };
    const [own, gated] = await Promise.all(pools.map((pool) => openScorer(pool, [source])));
    const one = fc.record({
      kvGroups: fc.subarray([0, 1, 2, 3]).map((groups) => Int32Array.from(groups)),
      channels: fc.subarray([...Array(172).keys()]).map((channels) => Int32Array.from(channels)),
      queryHeads: fc
        .tuple(...[0, 2, 4, 6].map((h) => fc.constantFrom(h, h + 1)))
        .map((heads) => Int32Array.from(heads)),
    });
    const plans = fc.array(one, { minLength: model.shape.layers.length, maxLength: model.shape.layers.length });
    await fc.assert(
      fc.asyncProperty(plans, async (layers) => {
        const [a, b] = [await own.score({ plan: { layers } }), await gated.score({ plan: { layers } })];
        expect(Math.abs((a.objective ?? 0) / (b.objective ?? 1) - 1)).toBeLessThan(1e-6);
      }),
      { numRuns: 10 },
    );
    for (const pool of pools) await pool.close();
  });
});

describe("a job whose query heads may leave", () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "espalier-query-heads-"));
  });
  afterAll(() => rm(dataDir, { recursive: true }));
  const search = { space: { query_heads: { low: 0, high: 4 } } };

  it.each(["none", "bias", "least_squares"] as const)("scores, repairs and refines ('%s')", async (compensation) => {
    await usingShippedJob(dataDir, { compensation, search }, async (context) => {
      const params = { ...context.starts[0], query_heads: 2 };
      for (const point of [params, { ...params, exchange: "10 5@3" }]) {
        const { score, results } = await context.score(point);
        const plan = await context.plan(point, 0.4);
        expect(plan.layers.some(({ queryHeads }) => queryHeads !== undefined)).toBe(true);
        expect(results[1].achieved_sparsity).toBeCloseTo(planSparsity(context.shape, plan), 12);
        expect(results[1].achieved_sparsity).toBeGreaterThan(0.4 - 1e-9);
        expect(results[1].query_heads).toEqual(planShape(context.shape, plan).layers.map(({ heads }) => heads));
        expect(score).toBeGreaterThan(0);
      }
      const plan = await context.plan(params, 0.4);
      const masked = await context.maskedReportLosses(plan, await context.compensatedWeights(params, plan));
      const { windowLosses } = await context.report([{ sparsity: 0.4, trialNumber: 0, params }], []);
      windowLosses[0].forEach((loss, i) => {
        expect(Math.abs(masked[i] / loss - 1)).toBeLessThan(1e-5);
      });
    });
  });

  it("keeps equal widths in a uniform layout", async () => {
    await usingShippedJob(dataDir, { search, target: { layout: "uniform", sparsity: [0.4] } }, async (context) => {
      const plan = await context.plan({ ...context.starts[0], query_heads: 4 }, 0.4);
      const { layers } = planShape(context.shape, plan);
      expect(layers[0].heads).toBe(layers[0].kvHeads);
      expect(new Set(layers.map((layer) => JSON.stringify(layer))).size).toBe(1);
    });
  });
});
