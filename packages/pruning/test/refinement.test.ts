import type { DecoderShape } from "@espalier/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keptBudget, widthLimits, widthParameters } from "../src/allocation/limits.js";
import { InverseCache, type ProjectionStatistics } from "../src/compensation/index.js";
import { refitDirectly } from "../src/compensation/least-squares.js";
import { gramOf, ridgeTerm } from "../src/compensation/ridge.js";
import { complement } from "../src/linear-algebra/index.js";
import type { Effect, EffectInput } from "../src/refinement/effects/effects.js";
import { effectModels } from "../src/refinement/effects/index.js";
import { type ExchangeOptions, exchangeUnits } from "../src/refinement/exchange.js";
import type { ProjectionGradient } from "../src/refinement/loss-gradients.js";
import type { UnitEffects } from "../src/refinement/unit-effects.js";
import { densePlan, keptWidths, type Plan, unitCosts } from "../src/units/index.js";
import { numbers } from "./numbers.js";

const TOKENS = 40;
const LAMBDA = 1e-2;

interface Case {
  readonly statistics: ProjectionStatistics;
  readonly gradient: ProjectionGradient;
  readonly input: EffectInput;
}

/**
 * A projection with half of its groups of inputs removed and its refit, and made-up gradients. Of each group the first
 * `thinned` inputs are gone for good.
 */
function halfPruned(inputs: number, outputs: number, group: number, thinned = 0): Case {
  const noise = numbers(TOKENS * inputs, 1);
  const x = noise.map((value, i) => value + 0.6 * (noise[i - 1] ?? 0) + 0.1);
  const gram = new Float64Array(inputs * inputs);
  const mean = new Float64Array(inputs);
  for (let t = 0; t < TOKENS; t++)
    for (let i = 0; i < inputs; i++) {
      mean[i] += x[t * inputs + i] / TOKENS;
      for (let j = 0; j < inputs; j++) gram[i * inputs + j] += (x[t * inputs + i] * x[t * inputs + j]) / TOKENS;
    }
  const weight = Float32Array.from(numbers(outputs * inputs, 2));
  const statistics: ProjectionStatistics = { layer: 0, projection: "o_proj", inputs, outputs, weight, gram, mean };
  const all = Int32Array.from({ length: inputs }, (_, i) => i);
  const left = all.filter((i) => i % group >= thinned);
  const kept = left.filter((i) => Math.floor(i / group) % 2 === 0);
  const gradient: ProjectionGradient = {
    layer: 0,
    projection: "o_proj",
    weight: refitted(statistics, kept),
    slope: numbers(outputs * inputs, 3),
    outputSlope: numbers(outputs, 4),
    curvature: numbers(outputs, 5).map((v) => v * v),
  };
  const back = left.filter((i) => !kept.includes(i));
  const removed = Int32Array.from([...back, ...complement(left, inputs)]);
  const cache = new InverseCache();
  const sides = { kept, removed, restorable: back.length, blockWidth: group - thinned };
  return { statistics, gradient, input: { statistics, gradient, ...sides, lambda: LAMBDA, cache } };
}

function refitted(statistics: ProjectionStatistics, kept: Int32Array): Float32Array {
  return refitDirectly(statistics, kept, complement(kept, statistics.inputs), LAMBDA);
}

const masked = ({ weight, inputs }: ProjectionStatistics, kept: Int32Array): Float32Array =>
  weight.map((w, i) => (kept.includes(i % inputs) ? w : 0));

/** First and second order of a change of weights, from the definition: Σ ΔW ∘ slope, ½ Σ_o h_o ΔW_o C ΔW_oᵀ. */
function directEffect(
  { statistics, gradient }: Case,
  before: Float32Array,
  after: Float32Array,
  c: Float64Array,
): Effect {
  const { inputs, outputs } = statistics;
  let first = 0;
  let second = 0;
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) {
      const step = after[o * inputs + i] - before[o * inputs + i];
      first += step * gradient.slope[o * inputs + i];
      for (let j = 0; j < inputs; j++) {
        const other = after[o * inputs + j] - before[o * inputs + j];
        second += 0.5 * gradient.curvature[o] * step * c[i * inputs + j] * other;
      }
    }
  return { first, second };
}

/** Kept inputs after toggling the n-th kept or removed block. */
function toggled({ kept, removed, blockWidth }: EffectInput, which: "removal" | "restoration", n: number): Int32Array {
  const from = which === "removal" ? kept : removed;
  const block = from.subarray(n * blockWidth, (n + 1) * blockWidth);
  return which === "removal" ? kept.filter((i) => !block.includes(i)) : Int32Array.from([...kept, ...block]).sort();
}

describe.each([
  ["single channels", 1, 0],
  ["blocks, as KV groups are", 3, 0],
  ["KV groups that have lost query heads", 3, 1],
])("predicted effects of %s", (_, group, thinned) => {
  const example = halfPruned(12, 5, group, thinned);
  const { statistics, input, gradient } = example;

  it.each(["removal", "restoration"] as const)("equal those of refitting anew after each %s", (which) => {
    const gram = Float64Array.from(gramOf(statistics));
    const mu = ridgeTerm(gram, statistics.inputs, LAMBDA);
    // The refit's own metric: the ridge counts as if each input had that much energy of its own.
    const covariance = gram.map((v, at) => (at % (statistics.inputs + 1) === 0 ? v + mu : v));
    const predicted = effectModels.least_squares.effects(input)[which];
    expect(predicted.length).toBe(12 / group / 2);
    predicted.forEach((effect, n) => {
      const after = refitted(statistics, toggled(input, which, n));
      const direct = directEffect(example, gradient.weight, after, covariance);
      expect(effect.first).toBeCloseTo(direct.first, 5);
      expect(effect.second).toBeCloseTo(direct.second, 5);
    });
  });

  it.each(["removal", "restoration"] as const)("equal those of the mask alone after each %s", (which) => {
    effectModels.none.effects(input)[which].forEach((effect, n) => {
      const after = masked(statistics, toggled(input, which, n));
      const direct = directEffect(
        example,
        masked(statistics, input.kept),
        after,
        Float64Array.from(gramOf(statistics)),
      );
      expect(effect.first).toBeCloseTo(direct.first, 5);
      expect(effect.second).toBeCloseTo(direct.second, 5);
    });
  });

  it("leave the mean contribution to the bias where there is one", () => {
    const { inputs, outputs, mean } = statistics;
    const [effect] = effectModels.bias.effects(input).restoration;
    const after = masked(statistics, toggled(input, "restoration", 0));
    const before = masked(statistics, input.kept);
    const plain = directEffect(example, before, after, Float64Array.from(gramOf(statistics)));
    let onMean = 0;
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++)
        onMean += (after[o * inputs + i] - before[o * inputs + i]) * (mean?.[i] ?? 0) * gradient.outputSlope[o];
    expect(effect.first).toBeCloseTo(plain.first - onMean, 5);
    expect(effect.second).toBeLessThan(plain.second);
  });
});

const shape: DecoderShape = {
  hiddenSize: 16,
  headDim: 4,
  vocabSize: 8,
  maxPositions: 16,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: 4 }, () => ({ heads: 4, kvHeads: 2, intermediateSize: 24 })),
};

const randomEffects = (seed: number): UnitEffects => {
  const layer = (units: number, at: number) => ({
    first: Float32Array.from(numbers(units, seed + at)),
    second: Float32Array.from(numbers(units, seed + at + 50), (v) => v * v),
  });
  return {
    attention: shape.layers.map((_, l) => layer(2, l)),
    mlp: shape.layers.map((_, l) => layer(24, l + 10)),
  };
};

/** Keeps the first units of each kind. */
const prefixPlan = (widths: readonly { kvGroups: number; channels: number }[]): Plan => ({
  layers: densePlan(shape).layers.map(({ kvGroups, channels }, l) => ({
    kvGroups: kvGroups.slice(0, widths[l].kvGroups),
    channels: channels.slice(0, widths[l].channels),
  })),
});

const start = prefixPlan([
  { kvGroups: 2, channels: 12 },
  { kvGroups: 1, channels: 16 },
  { kvGroups: 2, channels: 16 },
  { kvGroups: 2, channels: 24 },
]);
const dense = widthParameters(shape, keptWidths(densePlan(shape)));
const sparsityOf = (plan: Plan): number => 1 - widthParameters(shape, keptWidths(plan)) / dense;

const options = (changes: Partial<ExchangeOptions> = {}): ExchangeOptions => ({
  sparsity: sparsityOf(start),
  layout: "free",
  share: 0.3,
  draw: 0,
  ...changes,
});

describe("an exchange of units", () => {
  const seeds = fc.record({ seed: fc.nat(10_000), share: fc.integer({ min: 1, max: 100 }), draw: fc.nat(3) });

  it("keeps the sparsity within one channel step and the limits of every layer", () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(1, 4), ({ seed, share, draw }, roundTo) => {
        const settings = options({ share: share / 100, draw, roundTo, protectLast: 1 });
        const plan = exchangeUnits(shape, start, randomEffects(seed), settings);
        const limits = widthLimits(shape, settings);
        const kept = widthParameters(shape, keptWidths(plan));
        const budget = keptBudget(shape, limits, settings.sparsity);
        expect(kept).toBeLessThanOrEqual(budget);
        expect(budget - kept).toBeLessThan(roundTo * unitCosts(shape).mlp[0]);
        keptWidths(plan).forEach(({ kvGroups, channels }, l) => {
          expect(kvGroups).toBeGreaterThanOrEqual(limits[l].attention.min);
          expect(channels).toBeGreaterThanOrEqual(limits[l].mlp.min);
          expect(channels % roundTo).toBe(0);
        });
        expect(plan.layers[3]).toEqual(start.layers[3]);
        expect(plan).not.toEqual(start);
        for (const { channels } of plan.layers) expect([...channels]).toEqual([...channels].sort((a, b) => a - b));
      }),
    );
  });

  it("leaves every width as it is in a uniform layout", () => {
    fc.assert(
      fc.property(seeds, ({ seed, share, draw }) => {
        const equal = prefixPlan(shape.layers.map(() => ({ kvGroups: 1, channels: 12 })));
        const settings = options({ layout: "uniform", sparsity: 0.5, share: share / 100, draw });
        const plan = exchangeUnits(shape, equal, randomEffects(seed), settings);
        expect(keptWidths(plan)).toEqual(keptWidths(equal));
        expect(plan).not.toEqual(equal);
      }),
    );
  });

  it("brings back the unit with the best prediction and drops the one with the least harm", () => {
    const effects = randomEffects(7);
    effects.mlp[1].first[20] = -9;
    effects.mlp[2].first[3] = -8;
    const plan = exchangeUnits(shape, start, effects, options({ share: 1e-6 }));
    expect([...plan.layers[1].channels]).toContain(20);
    expect([...plan.layers[2].channels]).not.toContain(3);
    expect(plan.layers[0]).toEqual(start.layers[0]);
  });

  it("is the same for the same draw, and another for another", () => {
    const plans = [1, 1, 2].map((draw) => exchangeUnits(shape, start, randomEffects(3), options({ draw })));
    expect(plans[0]).toEqual(plans[1]);
    expect(plans[0]).not.toEqual(plans[2]);
  });

  it("returns a plan that loses nothing as it is", () => {
    const plan = densePlan(shape);
    expect(exchangeUnits(shape, plan, randomEffects(3), options({ sparsity: 0 }))).toEqual(plan);
  });
});
