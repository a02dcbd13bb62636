import type { DecoderShape } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { compensate, InverseCache, type ProjectionStatistics } from "../src/compensation/index.js";
import { refitDirectly, refitThroughInverse } from "../src/compensation/least-squares.js";
import { ridgeOver } from "../src/compensation/ridge.js";
import { complement } from "../src/linear-algebra/index.js";
import type { Plan } from "../src/units/index.js";
import { numbers } from "./numbers.js";

const TOKENS = 60;

/** A projection fed with correlated inputs of unequal energy, as real ones are. */
function projection(inputs: number, outputs: number, seed: number): ProjectionStatistics & { x: Float64Array } {
  const noise = numbers(TOKENS * inputs, seed);
  const x = noise.map((value, i) => (value + 0.7 * (noise[i - 1] ?? 0) + 0.2) * (1 + (i % inputs) / inputs));
  const gram = new Float64Array(inputs * inputs);
  const mean = new Float64Array(inputs);
  for (let t = 0; t < TOKENS; t++) {
    for (let i = 0; i < inputs; i++) {
      mean[i] += x[t * inputs + i] / TOKENS;
      for (let j = 0; j < inputs; j++) gram[i * inputs + j] += x[t * inputs + i] * x[t * inputs + j];
    }
  }
  const weight = Float32Array.from(numbers(outputs * inputs, seed + 1));
  return { layer: 0, projection: "down_proj", inputs, outputs, weight, gram, mean, x };
}

const relativeError = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference / size);
};

/** ‖W X − W′ X‖² over the tokens. */
function outputError(p: ReturnType<typeof projection>, refitted: ArrayLike<number>): number {
  let error = 0;
  for (let t = 0; t < TOKENS; t++) {
    for (let r = 0; r < p.outputs; r++) {
      let y = 0;
      for (let i = 0; i < p.inputs; i++)
        y += (p.weight[r * p.inputs + i] - refitted[r * p.inputs + i]) * p.x[t * p.inputs + i];
      error += y * y;
    }
  }
  return error;
}

const masked = (p: ProjectionStatistics, kept: Int32Array): Float32Array =>
  p.weight.map((w, i) => (kept.includes(i % p.inputs) ? w : 0));

describe("least squares", () => {
  const p = projection(24, 7, 1);
  const kept = Int32Array.from([0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19, 21, 22]);
  const removed = complement(kept, 24);

  it("solves the definition, (W G[:,K] + μ W[:,K]) R_KK⁻¹, checked by multiplying back", () => {
    const mu = ridgeOver(p.gram ?? [], 24, kept, 1e-3);
    const refitted = refitDirectly(p, kept, removed, 1e-3, mu);
    for (let r = 0; r < p.outputs; r++) {
      for (const k of kept) {
        let left = mu * refitted[r * 24 + k];
        for (const j of kept) left += refitted[r * 24 + j] * (p.gram?.[j * 24 + k] ?? 0);
        let right = mu * p.weight[r * 24 + k];
        for (let j = 0; j < 24; j++) right += p.weight[r * 24 + j] * (p.gram?.[j * 24 + k] ?? 0);
        expect(Math.abs(left - right)).toBeLessThan(1e-4 * Math.abs(p.gram?.[0] ?? 0));
      }
      for (const d of removed) expect(refitted[r * 24 + d]).toBe(0);
    }
  });

  it("gives the same weights through the cached inverse", () => {
    const cache = new InverseCache();
    for (const lambda of [1e-4, 1e-3, 1e-2, 1e-1]) {
      const fast = refitThroughInverse(p, kept, removed, cache, lambda);
      expect(relativeError(fast, refitDirectly(p, kept, removed, lambda))).toBeLessThan(1e-6);
    }
  });

  it("hardly depends on whether the ridge averages over kept or over all inputs", () => {
    for (const lambda of [1e-4, 1e-3, 1e-2]) {
      const textbook = refitDirectly(p, kept, removed, lambda, ridgeOver(p.gram ?? [], 24, kept, lambda));
      const ours = refitDirectly(p, kept, removed, lambda);
      const step = refitDirectly(p, kept, removed, lambda * 10);
      expect(relativeError(ours, textbook)).toBeLessThan(0.1 * relativeError(step, textbook));
    }
  });

  it("reproduces the outputs better than masking, and better than any small change of itself", () => {
    const refitted = refitDirectly(p, kept, removed, 1e-9);
    const best = outputError(p, refitted);
    expect(best).toBeLessThan(0.7 * outputError(p, masked(p, kept)));
    for (const k of kept) {
      const moved = refitted.slice();
      moved[k] += 0.01;
      expect(outputError(p, moved)).toBeGreaterThan(best);
    }
  });

  it("drops the least recently used inverse beyond its memory and computes it again", () => {
    const cache = new InverseCache(24 * 24 * 8);
    const first = cache.inverse(p, 1e-3);
    expect(cache.inverse(p, 1e-3)).toBe(first);
    cache.inverse(p, 1e-2);
    const again = cache.inverse(p, 1e-3);
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });
});

describe("compensate", () => {
  const shape: DecoderShape = {
    hiddenSize: 6,
    headDim: 2,
    vocabSize: 8,
    maxPositions: 8,
    ropeTheta: 10_000,
    rmsNormEps: 1e-5,
    tiedEmbeddings: true,
    layers: [{ heads: 4, kvHeads: 2, intermediateSize: 10 }],
  };
  const plan: Plan = {
    layers: [{ kvGroups: Int32Array.of(1), channels: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) }],
  };
  const attention = { ...projection(8, 6, 5), projection: "o_proj" as const };
  const mlp = projection(10, 6, 9);
  const options = { lambda: 1e-3, cache: new InverseCache() };

  it("refits only projections that lose inputs, and keeps whole KV groups", () => {
    const result = compensate(shape, plan, [attention, mlp], "least_squares", options);
    expect(result.map((r) => r.projection)).toEqual(["o_proj"]);
    const weight = result[0].weight ?? new Float32Array(0);
    expect([...weight.slice(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(outputError(attention, weight)).toBeLessThan(
      outputError(attention, masked(attention, Int32Array.of(4, 5, 6, 7))),
    );
  });

  it("takes the smaller system: plans that remove more than half agree with the definition too", () => {
    const few: Plan = { layers: [{ kvGroups: Int32Array.of(0, 1), channels: Int32Array.of(2, 5, 8) }] };
    const [refitted] = compensate(shape, few, [mlp], "least_squares", options);
    const kept = Int32Array.of(2, 5, 8);
    const through = refitThroughInverse(mlp, kept, complement(kept, 10), options.cache, 1e-3);
    expect(relativeError(refitted.weight ?? [], through)).toBeLessThan(1e-6);
  });

  it("turns the mean of removed inputs into a bias", () => {
    const [result] = compensate(shape, plan, [attention], "bias", options);
    let expected = 0;
    for (let i = 0; i < 4; i++) expected += attention.weight[i] * (attention.mean?.[i] ?? 0);
    expect(result.bias?.[0]).toBeCloseTo(expected, 6);
    expect(result.weight).toBeUndefined();
  });

  it("changes nothing for none", () => {
    expect(compensate(shape, plan, [attention, mlp], "none", options)).toEqual([]);
  });
});
