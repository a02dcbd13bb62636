import type { DecoderShape } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { InverseCache, type ProjectionStatistics } from "../src/compensation/index.js";
import { refitDirectly } from "../src/compensation/least-squares.js";
import { ridgeTerm } from "../src/compensation/ridge.js";
import { eliminate, obsImportance } from "../src/importance/obs.js";
import { eliminateBlocks } from "../src/importance/obs-groups.js";
import { complement } from "../src/linear-algebra/index.js";
import { numbers } from "./numbers.js";

const LAMBDA = 1e-2;
const TOKENS = 40;

function statistics(projection: "o_proj" | "down_proj", inputs: number, seed: number): ProjectionStatistics {
  const noise = numbers(TOKENS * inputs, seed);
  const x = noise.map((value, i) => (value + 0.8 * (noise[i - 2] ?? 0)) * (0.5 + (i % inputs) / inputs));
  const gram = new Float64Array(inputs * inputs);
  for (let t = 0; t < TOKENS; t++) {
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < inputs; j++) gram[i * inputs + j] += x[t * inputs + i] * x[t * inputs + j];
    }
  }
  const weight = Float32Array.from(numbers(5 * inputs, seed + 1));
  return { layer: 0, projection, inputs, outputs: 5, weight, gram };
}

/** tr((W − W′) G (W − W′)ᵀ) + μ‖W − W′‖² over the kept columns: the refit's own objective, with a fresh refit. */
function refittedError(s: ProjectionStatistics, removed: readonly number[]): number {
  if (removed.length === 0) return 0;
  const { inputs, outputs, weight } = s;
  const gram = s.gram ?? new Float64Array(0);
  const gone = Int32Array.from(removed).sort();
  const kept = complement(gone, inputs);
  const mu = ridgeTerm(gram, inputs, LAMBDA);
  const refitted = kept.length === 0 ? new Float32Array(weight.length) : refitDirectly(s, kept, gone, LAMBDA, mu);
  let error = 0;
  for (let r = 0; r < outputs; r++) {
    const d = Float64Array.from({ length: inputs }, (_, i) => weight[r * inputs + i] - refitted[r * inputs + i]);
    for (let i = 0; i < inputs; i++) {
      // A removed column counts in the ridge as R = G + μI does: its weight moves to 0.
      error += mu * d[i] * d[i];
      for (let j = 0; j < inputs; j++) error += d[i] * gram[i * inputs + j] * d[j];
    }
  }
  return error;
}

const shapeOf = (kvHeads: number, headDim: number, intermediateSize: number): DecoderShape => ({
  hiddenSize: 5,
  headDim,
  vocabSize: 8,
  maxPositions: 8,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: [{ heads: 2 * kvHeads, kvHeads, intermediateSize }],
});

/** Greedy elimination that refits from scratch for every candidate of every step; families lose their blocks in turns. */
function bruteForce(s: ProjectionStatistics, width: number, family = s.inputs / width) {
  const block = (g: number) => Array.from({ length: width }, (_, c) => g * width + c);
  let remaining = Array.from({ length: s.inputs / width }, (_, g) => g);
  const order: number[] = [];
  const costs: number[] = [];
  while (remaining.length > 0) {
    const before = refittedError(s, order.flatMap(block));
    const lost = (g: number) => order.filter((o) => Math.floor(o / family) === Math.floor(g / family)).length;
    const least = Math.min(...remaining.map(lost));
    const allowed = remaining.filter((g) => lost(g) === least);
    const candidates = allowed.map((g) => refittedError(s, [...order, g].flatMap(block)) - before);
    const cost = Math.min(...candidates);
    const best = allowed[candidates.indexOf(cost)];
    order.push(best);
    costs.push(cost);
    remaining = remaining.filter((g) => g !== best);
  }
  return { order, costs };
}

describe("greedy elimination", () => {
  it.each([3, 17, 40])("of channels follows brute-force refits (seed %i)", (seed) => {
    const s = statistics("down_proj", 12, seed);
    const found = eliminate(shapeOf(1, 2, 12), s, { lambda: LAMBDA, cache: new InverseCache() });
    const expected = bruteForce(s, 1);
    expect([...found.order]).toEqual(expected.order);
    expected.costs.forEach((cost, i) => {
      expect(Math.abs(found.costs[i] - cost)).toBeLessThan(1e-4 * expected.costs[11]);
    });
  });

  it.each([5, 23])("of KV groups follows brute-force refits (seed %i)", (seed) => {
    const s = statistics("o_proj", 16, seed);
    const found = eliminate(shapeOf(4, 2, 12), s, { lambda: LAMBDA, cache: new InverseCache() });
    const expected = bruteForce(s, 4);
    expect([...found.order]).toEqual(expected.order);
    expected.costs.forEach((cost, i) => {
      expect(Math.abs(found.costs[i] - cost)).toBeLessThan(1e-4 * expected.costs[3]);
    });
  });

  it("of query heads takes one of every KV group in turn", () => {
    const s = statistics("o_proj", 18, 11);
    const options = { lambda: LAMBDA, cache: new InverseCache() };
    const found = eliminateBlocks(s.weight, options.cache.inverse(s, LAMBDA), 18, 2, 3);
    const expected = bruteForce(s, 2, 3);
    expect([...found.order]).toEqual(expected.order);
    expected.costs.forEach((cost, i) => {
      expect(Math.abs(found.costs[i] - cost)).toBeLessThan(1e-4 * expected.costs[8]);
    });
    const shape = { ...shapeOf(3, 2, 12), layers: [{ heads: 9, kvHeads: 3, intermediateSize: 12 }] };
    const [heads] = obsImportance(shape, [s], options).queryHeads;
    for (let group = 0; group < 3; group++) {
      const along = expected.order.filter((head) => Math.floor(head / 3) === group).map((head) => heads[head]);
      expect(along).toEqual([...along].sort((a, b) => a - b));
    }
  });

  it("gives each unit the cost of leaving alone", () => {
    const s = statistics("down_proj", 12, 7);
    const { oneShot } = eliminate(shapeOf(1, 2, 12), s, { lambda: LAMBDA, cache: new InverseCache() });
    for (let j = 0; j < 12; j++) expect(oneShot[j] / refittedError(s, [j])).toBeCloseTo(1, 4);
  });
});

describe("obsImportance", () => {
  it("scores units so that ranking them gives the greedy order", () => {
    const shape = shapeOf(4, 2, 12);
    const options = { lambda: LAMBDA, cache: new InverseCache() };
    const projections = [statistics("o_proj", 16, 5), statistics("down_proj", 12, 3)];
    const { greedy, orders } = obsImportance(shape, projections, options);
    for (const kind of ["attention", "mlp"] as const) {
      const along = [...orders[kind][0]].map((unit) => greedy[kind][0][unit]);
      expect(along).toEqual([...along].sort((a, b) => a - b));
      expect(along.every((x) => x > 0)).toBe(true);
    }
  });
});
