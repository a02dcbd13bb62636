import { outputNames, projectionWeight } from "@espalier/graph";
import { streamRng } from "@espalier/search";
import { beforeAll, describe, expect, it } from "vitest";
import { allocate } from "../src/allocation/allocate.js";
import { aggregate } from "../src/importance/aggregate.js";
import { type MeasuredMetricName, measuredMetrics } from "../src/importance/metrics/registry.js";
import { exchangeUnits } from "../src/refinement/exchange.js";
import { makeLossGradients } from "../src/refinement/loss-gradients.js";
import { unitEffects } from "../src/refinement/unit-effects.js";
import { openForwardPool } from "../src/scoring/forward-pool.js";
import { openScorer } from "../src/scoring/scorer.js";
import { defaultMetrics } from "../src/search-context/default-metrics.js";
import { equalRepair } from "../src/search-context/repair-materials.js";
import { pruningSpace } from "../src/space/index.js";
import { profileInMemory } from "../src/statistics/memory-profile.js";
import type { Profile } from "../src/statistics/profile.js";
import { recombine, type WeightedStatistics } from "../src/statistics/recombine.js";
import { weightEqually } from "../src/statistics/weighting.js";
import { densePlan, type Plan, planShape, planSparsity, prunableParameters, unitCosts } from "../src/units/index.js";
import { plainMixtral } from "./plain-mixtral.js";
import { mixtralConfig, mixtralTensors, type PlainTensor, mixtralShape as shape, stacked } from "./seeded-mixtral.js";
import { spaceContext } from "./space-context.js";

const TOKENS = 12;
const options = { headDim: 4, perToken: 2, epsilon: 1e-5, theta: 10_000 };
const tensors = mixtralTensors();
const weights = stacked(tensors);
const windows = Array.from({ length: 3 }, (_, window) => {
  const rng = streamRng(7, window);
  return Int32Array.from({ length: TOKENS }, () => Math.floor(rng.next() * shape.vocabSize));
});
const plan: Plan = {
  layers: [
    { kvGroups: Int32Array.of(0, 1), channels: Int32Array.of(1, 3, 4) },
    { kvGroups: Int32Array.of(1), channels: Int32Array.of(0, 2) },
  ],
};

const sum = (values: Iterable<number>): number => [...values].reduce((total, x) => total + x, 0);

/** The file that has only what the plan keeps, cut by plain loops. */
function slicedTensors(): Map<string, PlainTensor> {
  const sliced = new Map(tensors);
  for (const [layer, { kvGroups, channels }] of plan.layers.entries()) {
    const prefix = `model.layers.${layer}`;
    const router = `${prefix}.block_sparse_moe.gate.weight`;
    sliced.set(router, rowsOf(tensors, router, [...channels]));
    for (const [place, expert] of channels.entries()) {
      for (const name of ["w1", "w2", "w3"]) {
        const of = (e: number): string => `${prefix}.block_sparse_moe.experts.${e}.${name}.weight`;
        sliced.set(of(place), tensors.get(of(expert)) ?? { shape: [], data: new Float32Array() });
      }
    }
    const numbers = (perGroup: number): number[] =>
      [...kvGroups].flatMap((group) => Array.from({ length: perGroup }, (_, i) => group * perGroup + i));
    for (const name of ["q_proj", "k_proj", "v_proj"]) {
      const of = `${prefix}.self_attn.${name}.weight`;
      sliced.set(of, rowsOf(tensors, of, numbers(name === "q_proj" ? 8 : 4)));
    }
    const output = `${prefix}.self_attn.o_proj.weight`;
    sliced.set(output, columnsOf(tensors, output, numbers(8)));
  }
  return sliced;
}

function found(map: ReadonlyMap<string, PlainTensor>, name: string): PlainTensor {
  const tensor = map.get(name);
  if (tensor === undefined) throw new RangeError(`no tensor '${name}'`);
  return tensor;
}

function rowsOf(map: ReadonlyMap<string, PlainTensor>, name: string, rows: readonly number[]): PlainTensor {
  const { shape: dims, data } = found(map, name);
  return {
    shape: [rows.length, dims[1]],
    data: Float32Array.from(rows.flatMap((r) => [...data.subarray(r * dims[1], (r + 1) * dims[1])])),
  };
}

function columnsOf(map: ReadonlyMap<string, PlainTensor>, name: string, columns: readonly number[]): PlainTensor {
  const { shape: dims, data } = found(map, name);
  const numbers = Array.from({ length: dims[0] }, (_, r) => columns.map((c) => data[r * dims[1] + c]));
  return { shape: [dims[0], columns.length], data: Float32Array.from(numbers.flat()) };
}

describe("a Mixtral", () => {
  it.each(["sliced", "masked"] as const)("scores as plain loops do, dense and pruned (%s)", async (widths) => {
    const pool = openForwardPool({ shape, weights, widths });
    const scorer = await openScorer(pool, [{ windows, weight: 1 }]);
    for (const [candidate, of] of [
      [densePlan(shape), tensors],
      [plan, slicedTensors()],
    ] as const) {
      const { windowLosses } = await scorer.score({ plan: candidate });
      windows.forEach((ids, window) => {
        const expected = sum(plainMixtral(of, ids, options).nll);
        expect(Math.abs(windowLosses[window] / expected - 1)).toBeLessThan(1e-5);
      });
    }
    await pool.close();
  });

  it("loses with an expert the parameters of its three matrices and of its router row", () => {
    const { hidden_size: hidden, intermediate_size: channels } = mixtralConfig;
    expect(unitCosts(shape).mlp).toEqual([0, 1].map(() => 3 * hidden * channels + hidden));
    const pruned = planShape(shape, plan);
    expect(pruned.layers.map(({ experts }) => experts?.count)).toEqual([3, 2]);
    const gone = 5 * (3 * hidden * channels + hidden) + unitCosts(shape).attention[1];
    expect(planSparsity(shape, plan)).toBeCloseTo(gone / prunableParameters(shape), 12);
  });

  it("keeps as many experts as each token uses", () => {
    const layers = [plan.layers[0], { ...plan.layers[1], channels: Int32Array.of(3) }];
    expect(() => planShape(shape, { layers })).toThrow("layer 1 keeps 1 experts, each token uses 2");
  });
});

describe("metrics of a Mixtral", () => {
  let profile: Profile;
  let statistics: WeightedStatistics;
  beforeAll(async () => {
    profile = await profileInMemory({ shape, weights, windows });
    statistics = await recombine(profile, weightEqually(profile), true);
  });
  const scoresOf = (name: MeasuredMetricName) =>
    aggregate(shape, measuredMetrics[name].score({ shape, weights, statistics, seed: 1 }), "sum");
  const plain = windows.map((ids) => plainMixtral(tensors, ids, options).experts);
  /** Mean over windows of a sum over tokens. */
  const meanOf = (layer: number, term: (token: (typeof plain)[number][number][number], expert: number) => number) =>
    Array.from(
      { length: 5 },
      (_, expert) =>
        sum(plain.flatMap((experts) => experts[layer].map((token) => term(token, expert)))) / windows.length,
    );

  it("count the tokens that use each expert", () => {
    const { mlp } = scoresOf("expert_frequency");
    for (const layer of [0, 1]) {
      expect([...mlp[layer]]).toEqual(
        meanOf(layer, ({ weights: w }, e) => Number(w[e] > 0)).map((x) => expect.closeTo(x, 5)),
      );
    }
  });

  it("weigh the norms of experts' outputs by the change of the state (EASY-EP)", () => {
    const { mlp } = scoresOf("easy_ep");
    for (const layer of [0, 1]) {
      const expected = meanOf(layer, ({ norms, change }, e) => norms[e] * change);
      mlp[layer].forEach((score, e) => {
        expect(Math.abs(score / expected[e] - 1)).toBeLessThan(1e-4);
      });
    }
  });

  it("let the nearer of the two most alike experts leave first (STUN)", () => {
    const { mlp } = scoresOf("stun");
    const router = found(tensors, "model.layers.0.block_sparse_moe.gate.weight").data;
    const rows = Array.from({ length: 5 }, (_, e) => [...router.subarray(e * 16, (e + 1) * 16)]);
    const pairs = rows.flatMap((a, i) =>
      rows.slice(i + 1).map((b, j) => ({ i, j: i + 1 + j, d: Math.hypot(...a.map((x, c) => x - b[c])) })),
    );
    pairs.sort((a, b) => a.d - b.d);
    const order = [...mlp[0].keys()].sort((a, b) => mlp[0][a] - mlp[0][b]);
    expect([pairs[0].i, pairs[0].j]).toContain(order[0]);
    expect(mlp[0][order[0]]).toBeCloseTo(pairs[0].d, 6);
    expect(mlp[0][order[4]]).toBe(mlp[0][order[3]]);
  });

  it("of experts give all other units the mean importance per parameter", () => {
    for (const name of ["easy_ep", "stun", "expert_frequency"] as const) {
      const { attention, mlp } = scoresOf(name);
      const costs = unitCosts(shape);
      const mean = sum(mlp.flatMap((scores) => [...scores])) / (10 * costs.mlp[0]);
      for (const score of attention.flatMap((scores) => [...scores])) {
        expect(score / costs.attention[0]).toBeCloseTo(mean, 10);
      }
    }
  });

  it("fold the vectors of all three matrices of an expert", () => {
    const { mlp } = scoresOf("magnitude_l2");
    for (const expert of [0, 1, 2, 3, 4]) {
      const expected = ["w1", "w2", "w3"].map((name) => {
        const { data } = found(tensors, `model.layers.1.block_sparse_moe.experts.${expert}.${name}.weight`);
        return sum(data.map((x) => x * x));
      });
      expect(mlp[1][expert]).toBeCloseTo(sum(expected), 3);
    }
    const taylor = scoresOf("taylor_second");
    expect(taylor.mlp[0].length).toBe(5);
    const vectors = profile.perSample(outputNames.vectorStatistic(0, "up_proj", "squared"));
    expect(vectors.length).toBe(windows.length * 60);
    expect(weights.get(projectionWeight(0, "down_proj"))?.length).toBe(16 * 60);
  });

  it("make plans by every allocation, which meet the sparsity with whole experts", () => {
    const densities = scoresOf("taylor_second");
    const modifiers = { attentionFactor: 0, depthTilt: 0, depthCurvature: 0, equalisation: 0, similarity: 0 };
    for (const allocation of ["global", "uniform", "equal"] as const) {
      const widths = allocate(shape, densities, { allocation, sparsity: 0.4, modifiers, roundTo: 16 });
      for (const { channels } of widths) expect(channels).toBeGreaterThanOrEqual(2);
      expect(sum(widths.map(({ channels }) => channels))).toBeLessThan(10);
    }
    const least = { allocation: "global", sparsity: 0.9, modifiers } as const;
    expect(() => allocate(shape, densities, least)).toThrow(/cannot be reached/);
  });
});

describe("a round of exchange in a Mixtral", () => {
  it("moves KV groups and leaves the experts as they are", async () => {
    const start: Plan = {
      layers: [
        { kvGroups: Int32Array.of(0, 1), channels: Int32Array.of(1, 3, 4) },
        { kvGroups: Int32Array.of(1), channels: Int32Array.of(0, 2, 3) },
      ],
    };
    const profile = await profileInMemory({ shape, weights, windows });
    const { projections, cache } = await equalRepair(profile, weights);
    expect(projections.map(({ projection }) => projection)).toEqual(["o_proj", "o_proj"]);
    const lossGradients = makeLossGradients({ shape, weights, windows, biases: false });
    const gradients = await lossGradients.measure({ plan: start });
    await lossGradients.close();
    const effects = unitEffects({
      ...{ shape, plan: start, projections, gradients, cache },
      ...{ compensation: "none", lambda: 1e-3 },
    });
    expect(effects.attention[0].first.some((x) => x !== 0)).toBe(true);
    const round = { sparsity: planSparsity(shape, start), layout: "free", share: 0.5, draw: 0 } as const;
    const { layers } = exchangeUnits(shape, start, effects, round);
    expect(layers.map(({ channels }) => [...channels])).toEqual(start.layers.map(({ channels }) => [...channels]));
    expect(sum(layers.map(({ kvGroups }) => kvGroups.length))).toBe(3);
  });
});

describe("the space of a Mixtral", () => {
  const context = { ...spaceContext, shape };

  it("mixes metrics that know experts, and has no elimination order", () => {
    const metrics = defaultMetrics(shape);
    expect(metrics).toContain("easy_ep");
    const { neutral } = pruningSpace("espalier", { ...context, metrics });
    expect(Object.keys(neutral)).not.toContain("obs_share");
  });

  it("refuses metrics that need second moments, as a dense model refuses those of experts", () => {
    const refused = (metric: string, of: typeof shape) => () =>
      pruningSpace("espalier", { ...context, shape: of, metrics: [metric] });
    expect(refused("obs_fisher", shape)).toThrow(
      /'obs_fisher' is not one of preset 'espalier' for a model with experts/,
    );
    expect(refused("easy_ep", spaceContext.shape)).toThrow(/for a model without experts/);
  });
});
