import type { DecoderShape } from "@espalier/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aggregate, aggregationNames } from "../src/importance/aggregate.js";
import { mixDensities } from "../src/importance/mix.js";
import { normalisationNames, normalise } from "../src/importance/normalise.js";
import type { MetricScores, UnitScores } from "../src/units/index.js";

const shape: DecoderShape = {
  hiddenSize: 4,
  headDim: 2,
  vocabSize: 10,
  maxPositions: 8,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: [{ heads: 4, kvHeads: 2, intermediateSize: 3 }],
};

const vectors: MetricScores = {
  per: "vector",
  layers: [
    {
      q_proj: Float64Array.of(1, 1, 1, 1, 2, 2, 2, 2),
      k_proj: Float64Array.of(3, 3, 4, 4),
      v_proj: Float64Array.of(5, 5, 6, 6),
      o_proj: Float64Array.of(7, 7, 7, 7, 8, 8, 8, 9),
      gate_proj: Float64Array.of(1, 2, 0),
      up_proj: Float64Array.of(1, 4, 5),
      down_proj: Float64Array.of(1, 8, 5),
    },
  ],
};

describe("aggregate", () => {
  it("sums all vectors of a unit, query heads with the KV head they read", () => {
    const scores = aggregate(shape, vectors, "sum");
    expect([...scores.attention[0]]).toEqual([48, 61]);
    expect([...scores.mlp[0]]).toEqual([3, 14, 10]);
  });

  it("takes mean, largest, geometric mean, or the output projection alone", () => {
    expect([...aggregate(shape, vectors, "mean").attention[0]]).toEqual([4, 61 / 12]);
    expect([...aggregate(shape, vectors, "max").attention[0]]).toEqual([7, 9]);
    expect([...aggregate(shape, vectors, "last").attention[0]]).toEqual([28, 33]);
    const product = aggregate(shape, vectors, "product").mlp[0];
    expect(product[0]).toBeCloseTo(1, 12);
    expect(product[1]).toBeCloseTo(4, 12);
    expect(product[2]).toBe(0);
  });

  it("scores a kind without vectors 0 under every aggregation", () => {
    const onlyDown: MetricScores = { per: "vector", layers: [{ down_proj: Float64Array.of(1, 2, 3) }] };
    for (const name of aggregationNames) expect([...aggregate(shape, onlyDown, name).attention[0]]).toEqual([0, 0]);
  });

  it("refuses a score that is not a number, naming layer and matrix", () => {
    const broken: MetricScores = { per: "vector", layers: [{ down_proj: Float64Array.of(1, Number.NaN, 3) }] };
    expect(() => aggregate(shape, broken, "sum")).toThrow("layer 0 down_proj: score 1 is NaN");
  });
});

const scoresOf = (attention: number[], mlp: number[]): UnitScores => ({
  attention: [Float64Array.from(attention)],
  mlp: [Float64Array.from(mlp)],
});
const flat = (scores: UnitScores): number[] => [...scores.attention[0], ...scores.mlp[0]];
const score = fc.double({ min: 0, max: 1e6, noNaN: true });
const arbitraryScores = fc.tuple(
  fc.array(score, { minLength: 2, maxLength: 2 }),
  fc.array(score, { minLength: 3, maxLength: 3 }),
);

describe("normalise", () => {
  it("gives finite numbers ≥ 0 and never inverts an order", () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 30 }), fc.constantFrom(...normalisationNames), (raw, name) => {
        const values = Float64Array.from(raw);
        const result = normalise(values, name);
        for (let i = 0; i < raw.length; i++) {
          expect(Number.isFinite(result[i]) && result[i] >= 0).toBe(true);
          for (let j = 0; j < i; j++) if (values[i] < values[j]) expect(result[i]).toBeLessThanOrEqual(result[j]);
        }
      }),
    );
  });

  it("stays finite where a scale is as small as a number can be", () => {
    for (const name of normalisationNames) {
      const result = normalise(Float64Array.of(0, 5e-324, 5e-324, 1e6), name);
      expect(result.every((x) => Number.isFinite(x))).toBe(true);
      expect(result[3]).toBeGreaterThan(result[0]);
    }
  });

  it("has the stated scales", () => {
    const values = Float64Array.of(1, 3, 3, 5);
    expect([...normalise(values, "mean")]).toEqual([1 / 3, 1, 1, 5 / 3]);
    expect([...normalise(values, "rank")]).toEqual([0.125, 0.5, 0.5, 0.875]);
    expect([...normalise(values, "minmax")]).toEqual([0, 0.5, 0.5, 1]);
    expect(normalise(values, "zscore")[3]).toBeCloseTo(4 / Math.SQRT2, 12);
    expect(normalise(values, "log")[1]).toBeCloseTo(Math.log(2), 12);
  });
});

describe("mixDensities", () => {
  it("is the raw score per cost for one metric, no normalisation and power 1", () => {
    fc.assert(
      fc.property(arbitraryScores, arbitraryScores, ([a, m], [otherA, otherM]) => {
        const terms = [
          { name: "one", weight: 0.3, scores: scoresOf(a, m) },
          { name: "other", weight: 0, scores: scoresOf(otherA, otherM) },
        ];
        const mixed = flat(mixDensities(shape, terms, { normalisation: "none", power: 1 }));
        // KV group: 2·4·(2 + 2·2) = 48 parameters; channel: 3·4 = 12.
        expect(mixed).toEqual([...a.map((x) => x / 48), ...m.map((x) => x / 12)]);
      }),
    );
  });

  it("stays finite for every normalisation, power and weight, and counts all metrics alike when weights are 0", () => {
    const weight = fc.double({ min: 0, max: 1, noNaN: true });
    const power = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        arbitraryScores,
        arbitraryScores,
        weight,
        power,
        fc.constantFrom(...normalisationNames),
        (first, second, w, p, normalisation) => {
          const terms = (x: number, y: number) => [
            { name: "first", weight: x, scores: scoresOf(...first) },
            { name: "second", weight: y, scores: scoresOf(...second) },
          ];
          const options = { normalisation, power: p };
          for (const x of flat(mixDensities(shape, terms(w, 1 - w), options))) expect(Number.isFinite(x)).toBe(true);
          expect(mixDensities(shape, terms(0, 0), options)).toEqual(mixDensities(shape, terms(0.5, 0.5), options));
        },
      ),
    );
  });
});
