import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ProjectionSize, rankCost } from "../src/recovery/lora/adapters.js";
import { clip, norm } from "../src/recovery/lora/clip.js";
import { allocateRanks, lostShares, numbersOf } from "../src/recovery/lora/rank-allocation.js";
import { rateAt } from "../src/recovery/lora/schedule.js";
import { freshAdamW, updateAdamW } from "../src/training/adam-w.js";
import { makeTrainingBatches } from "../src/training/training-batches.js";
import { numbers } from "./numbers.js";

describe("AdamW", () => {
  it("makes the updates of its published algorithm", () => {
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };
    const values = Float32Array.from([0.5, -2, 0]);
    const state = freshAdamW(3);
    const gradients = [0, 1, 2, 3].map((seed) => numbers(3, seed));
    const expected = [0.5, -2, 0].map((start, i) => {
      // Algorithm 2 of arXiv 1711.05101 for one number, as it is written there.
      let [theta, m, v] = [start, 0, 0];
      for (const [at, gradient] of gradients.entries()) {
        const [t, g, rate] = [at + 1, gradient[i], 0.01 * (at + 1)];
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        const mHat = m / (1 - 0.9 ** t);
        const vHat = v / (1 - 0.999 ** t);
        theta = theta - rate * (mHat / (Math.sqrt(vHat) + 1e-8) + 0.1 * theta);
      }
      return theta;
    });
    for (const [at, gradient] of gradients.entries()) updateAdamW(values, gradient, state, 0.01 * (at + 1), settings);
    for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 6);
  });
});

describe("the learning rate", () => {
  it("grows, then falls to zero behind the last step", () => {
    const schedule = { rate: 2, warmupSteps: 3, maxSteps: 13 };
    const rates = Array.from({ length: 14 }, (_, step) => rateAt(schedule, step));
    expect(rates.slice(0, 4)).toEqual([0.5, 1, 1.5, 2]);
    for (let step = 4; step < 14; step++) expect(rates[step]).toBeLessThan(rates[step - 1]);
    expect(rates[8]).toBeCloseTo(1, 12);
    expect(rates[13]).toBe(0);
  });
});

describe("clipping", () => {
  it("scales what is too long and leaves the rest", () => {
    const gradient = Float64Array.of(3, 4);
    clip(gradient, norm(gradient), 10);
    expect([...gradient]).toEqual([3, 4]);
    clip(gradient, norm(gradient), 1);
    expect(norm(gradient)).toBeCloseTo(1, 12);
    expect(norm(Float64Array.of(1, Number.NaN))).toBeNaN();
  });
});

describe("training batches", () => {
  it("show every window once a round, in another order each, and depend on the step alone", () => {
    const windows = Array.from({ length: 7 }, (_, i) => Int32Array.of(i, i));
    const batchOf = makeTrainingBatches(windows, 3, 5);
    const ids = Array.from({ length: 14 }, (_, step) => batchOf(step).map(([id]) => id)).flat();
    for (let round = 0; round < 6; round++) {
      expect(ids.slice(7 * round, 7 * round + 7).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    }
    expect(ids.slice(0, 7)).not.toEqual(ids.slice(7, 14));
    expect(makeTrainingBatches(windows, 3, 5)(4)).toEqual(batchOf(4));
  });
});

describe("ranks by what layers lost", () => {
  const size = fc.record({
    layer: fc.nat(3),
    projection: fc.constant("q_proj" as const),
    inputs: fc.integer({ min: 1, max: 40 }),
    outputs: fc.integer({ min: 1, max: 40 }),
  });
  const request = fc.record({
    rank: fc.integer({ min: 1, max: 12 }),
    sizes: fc.array(size, { minLength: 1, maxLength: 12 }),
    lost: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
  });
  const room = ({ inputs, outputs }: ProjectionSize, rank: number): boolean => rank < Math.min(inputs, outputs);

  it("cost at most what equal ranks cost, and less by less than one rank", () => {
    fc.assert(
      fc.property(request, (asked) => {
        const ranks = allocateRanks("by_sparsity", asked);
        const left = numbersOf(asked.sizes, allocateRanks("uniform", asked)) - numbersOf(asked.sizes, ranks);
        const open = asked.sizes.filter((one, i) => room(one, ranks[i]));
        expect(left).toBeGreaterThanOrEqual(0);
        for (const one of open) expect(left).toBeLessThan(rankCost(one));
        expect(Math.min(...ranks)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it("are in proportion to the shares", () => {
    const projection = "up_proj" as const;
    const sizes = [0, 1, 2].map((layer) => ({ layer, projection, inputs: 64, outputs: 64 }));
    expect(allocateRanks("by_sparsity", { rank: 8, sizes, lost: [0.2, 0.6, 0.4] })).toEqual([4, 12, 8]);
    expect(allocateRanks("uniform", { rank: 8, sizes, lost: [0.2, 0.6, 0.4] })).toEqual([8, 8, 8]);
  });

  it("read the share of weights that a layer lost", () => {
    const shape = (kvHeads: number, intermediateSize: number) => ({
      ...{ hiddenSize: 8, headDim: 2, vocabSize: 10, maxPositions: 8, ropeTheta: 100, rmsNormEps: 1e-5 },
      tiedEmbeddings: true,
      layers: [{ heads: kvHeads, kvHeads, intermediateSize }],
    });
    // One of four heads of 64 numbers each, and half of 12 channels of 24: 208 of 544.
    expect(lostShares(shape(4, 12), shape(3, 6))).toEqual([1 - 336 / 544]);
  });
});
