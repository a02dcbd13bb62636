import { AppError, type DecoderShape } from "@espalier/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AllocationSettings,
  allocate,
  allocationNames,
  cutKeepOrder,
  keepOrder,
  keptBudget,
  widthLimits,
  widthParameters,
  widthsAfter,
} from "../src/allocation/index.js";
import { prunableParameters, type UnitScores, unitCosts } from "../src/units/index.js";

const LAYERS = 4;
const shape: DecoderShape = {
  hiddenSize: 16,
  headDim: 4,
  vocabSize: 32,
  maxPositions: 64,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: true,
  layers: Array.from({ length: LAYERS }, () => ({ heads: 8, kvHeads: 4, intermediateSize: 40 })),
};
const channelCost = unitCosts(shape).mlp[0];

const density = fc.double({ min: 0, max: 10, noNaN: true });
const unitsOf = (count: number) =>
  fc.array(
    fc.array(density, { minLength: count, maxLength: count }).map((xs) => Float64Array.from(xs)),
    { minLength: LAYERS, maxLength: LAYERS },
  );
const densities: fc.Arbitrary<UnitScores> = fc.record({ attention: unitsOf(4), mlp: unitsOf(40) });
const logFactors = fc.array(fc.double({ min: -0.7, max: 0.7, noNaN: true }), { minLength: LAYERS, maxLength: LAYERS });
const strength = fc.double({ min: -1, max: 1, noNaN: true });
const modifiers = fc.record({
  attentionFactor: strength,
  depthTilt: strength,
  depthCurvature: strength,
  equalisation: fc.double({ min: 0, max: 1, noNaN: true }),
  similarity: fc.constant(0),
});
const neutral = { attentionFactor: 0, depthTilt: 0, depthCurvature: 0, equalisation: 0, similarity: 0 };
const settings: fc.Arbitrary<AllocationSettings> = fc.record({
  allocation: fc.constantFrom(...allocationNames),
  sparsity: fc.double({ min: 0.05, max: 0.7, noNaN: true }),
  roundTo: fc.constantFrom(1, 4, 8),
  modifiers,
  widthFactors: fc.record({ attention: logFactors, mlp: logFactors }),
});
const RUNS = { numRuns: 200 };

describe("keepOrder", () => {
  it("is monotone: a larger sparsity keeps a subset", () => {
    const sparsity = fc.double({ min: 0, max: 0.8, noNaN: true });
    fc.assert(
      fc.property(densities, sparsity, sparsity, fc.constantFrom(1, 4), (scores, a, b, roundTo) => {
        const limits = widthLimits(shape, { roundTo });
        const order = keepOrder(shape, scores, limits);
        const at = (s: number) => widthsAfter(order, cutKeepOrder(shape, order, keptBudget(shape, limits, s)));
        const less = at(Math.min(a, b));
        at(Math.max(a, b)).forEach((width, l) => {
          expect(width.kvGroups).toBeLessThanOrEqual(less[l].kvGroups);
          expect(width.channels).toBeLessThanOrEqual(less[l].channels);
        });
      }),
      RUNS,
    );
  });

  it("breaks ties by layer, then kind", () => {
    const equal: UnitScores = {
      attention: shape.layers.map(() => new Float64Array(4).fill(1)),
      mlp: shape.layers.map(() => new Float64Array(40).fill(1)),
    };
    const { steps } = keepOrder(shape, equal, widthLimits(shape));
    expect(steps.slice(0, 4).map((s) => `${s.layer} ${s.kind}`)).toEqual([
      "0 attention",
      "0 attention",
      "0 attention",
      "0 mlp",
    ]);
    expect(steps[3 + 39].layer).toBe(1);
  });
});

describe("allocate", () => {
  it("meets the target from the sparse side within one step of channels, inside all bounds", () => {
    fc.assert(
      fc.property(densities, settings, (scores, given) => {
        const roundTo = given.roundTo ?? 1;
        const limits = widthLimits(shape, given);
        const widths = allocate(shape, scores, given);
        const slack = keptBudget(shape, limits, given.sparsity) - widthParameters(shape, widths);
        expect(slack).toBeGreaterThanOrEqual(0);
        const unit = channelCost * roundTo * (given.allocation === "equal" ? LAYERS : 1);
        const full = widths.every((w) => w.channels === 40);
        if (!full) expect(slack).toBeLessThan(unit);
        for (const w of widths) {
          expect(w.kvGroups).toBeGreaterThanOrEqual(1);
          expect(w.kvGroups).toBeLessThanOrEqual(4);
          expect(w.channels).toBeGreaterThanOrEqual(roundTo);
          expect(w.channels).toBeLessThanOrEqual(40);
          expect(w.channels % roundTo).toBe(0);
        }
        expect(allocate(shape, scores, given)).toEqual(widths);
      }),
      RUNS,
    );
  });

  it("is the global keep-order itself when every factor is neutral", () => {
    fc.assert(
      fc.property(densities, fc.double({ min: 0.05, max: 0.7, noNaN: true }), (scores, sparsity) => {
        const zeros = [0, 0, 0, 0];
        const base: AllocationSettings = { allocation: "global", sparsity, modifiers: neutral };
        const widths = allocate(shape, scores, base);
        expect(allocate(shape, scores, { ...base, widthFactors: { attention: zeros, mlp: zeros } })).toEqual(widths);
        const limits = widthLimits(shape);
        const order = keepOrder(shape, scores, limits);
        const cut = widthsAfter(order, cutKeepOrder(shape, order, keptBudget(shape, limits, sparsity)));
        widths.forEach((w, l) => {
          expect(w.kvGroups).toBe(cut[l].kvGroups);
          expect(w.channels).toBeGreaterThanOrEqual(cut[l].channels);
        });
      }),
      RUNS,
    );
  });

  it("gives equal widths with layout uniform and equal shares with uniform", () => {
    const flat: UnitScores = {
      attention: shape.layers.map(() => new Float64Array(4).fill(1)),
      mlp: shape.layers.map(() => new Float64Array(40).fill(1)),
    };
    const base = { sparsity: 0.5, modifiers: neutral };
    expect(
      new Set(allocate(shape, flat, { ...base, allocation: "equal" }).map((w) => `${w.kvGroups} ${w.channels}`)).size,
    ).toBe(1);
    for (const w of allocate(shape, flat, { ...base, allocation: "uniform" }))
      expect(w).toEqual({ kvGroups: 2, channels: 20 });
  });

  it("moves width towards a raised factor", () => {
    const flat: UnitScores = {
      attention: shape.layers.map(() => new Float64Array(4).fill(1)),
      mlp: shape.layers.map(() => new Float64Array(40).fill(1)),
    };
    const widthFactors = { attention: [0, 0, 0, 0], mlp: [0.5, 0, 0, 0] };
    const widths = allocate(shape, flat, { allocation: "uniform", sparsity: 0.5, modifiers: neutral, widthFactors });
    expect(widths[0].channels / widths[1].channels).toBeCloseTo(Math.exp(0.5), 0);
  });

  it("leaves protected blocks whole", () => {
    fc.assert(
      fc.property(densities, (scores) => {
        const widths = allocate(shape, scores, {
          allocation: "global",
          sparsity: 0.4,
          modifiers: neutral,
          protectFirst: 1,
          protectLast: 1,
        });
        expect([widths[0], widths[3]]).toEqual([
          { kvGroups: 4, channels: 40 },
          { kvGroups: 4, channels: 40 },
        ]);
      }),
      { numRuns: 20 },
    );
  });

  it("names the largest reachable sparsity when the target is beyond it", () => {
    const flat: UnitScores = {
      attention: shape.layers.map(() => new Float64Array(4).fill(1)),
      mlp: shape.layers.map(() => new Float64Array(40).fill(1)),
    };
    const ask = (sparsity: number, allocation: "global" | "equal") => () =>
      allocate(shape, flat, { allocation, sparsity, modifiers: neutral, roundTo: 8 });
    const least = 4 * (unitCosts(shape).attention[0] + 8 * channelCost);
    const reachable = 1 - least / prunableParameters(shape);
    for (const name of ["global", "equal"] as const) {
      expect(ask(0.99, name)).toThrow(AppError);
      expect(ask(0.99, name)).toThrow(`${Math.floor(reachable * 1e4) / 1e4}`);
      expect(ask(reachable, name)).not.toThrow();
    }
  });
});

describe("equal widths", () => {
  const equalJob = fc.record({
    hiddenSize: fc.constantFrom(12, 16, 18, 20, 64),
    kvHeads: fc.integer({ min: 1, max: 6 }),
    perGroup: fc.integer({ min: 1, max: 3 }),
    sparsity: fc.double({ min: 0.02, max: 0.8, noNaN: true }),
    roundTo: fc.constantFrom(1, 4),
    attentionFactor: strength,
  });
  type EqualJob = typeof equalJob extends fc.Arbitrary<infer T> ? T : never;

  const modelOf = ({ hiddenSize, kvHeads, perGroup }: EqualJob): DecoderShape => ({
    ...shape,
    hiddenSize,
    layers: shape.layers.map(() => ({ heads: kvHeads * perGroup, kvHeads, intermediateSize: 40 })),
  });
  const scores = (model: DecoderShape): UnitScores => ({
    attention: model.layers.map(({ kvHeads }) => new Float64Array(kvHeads).fill(1)),
    mlp: model.layers.map(() => new Float64Array(40).fill(1)),
  });
  const equal = (job: EqualJob, dividingHeads?: boolean) => {
    const model = modelOf(job);
    const { sparsity, roundTo, attentionFactor } = job;
    const asked = { allocation: "equal", sparsity, roundTo, modifiers: { ...neutral, attentionFactor } } as const;
    return allocate(model, scores(model), dividingHeads === undefined ? asked : { ...asked, dividingHeads });
  };
  /** Every pair of widths that meets the target within one channel step of all layers, found by trying them all. */
  function feasible(job: EqualJob): { kvGroups: number; channels: number }[] {
    const model = modelOf(job);
    const [attention, mlp] = [unitCosts(model).attention[0] * LAYERS, unitCosts(model).mlp[0] * LAYERS];
    const budget = Math.floor(prunableParameters(model) * (1 - job.sparsity) + 1e-6);
    const pairs: { kvGroups: number; channels: number }[] = [];
    for (let kvGroups = 1; kvGroups <= job.kvHeads; kvGroups++) {
      for (let channels = job.roundTo; channels <= 40; channels += job.roundTo) {
        const spare = budget - kvGroups * attention - channels * mlp;
        const wider = channels + job.roundTo <= 40 ? mlp * job.roundTo : kvGroups < job.kvHeads ? attention : Infinity;
        if (spare >= 0 && spare < wider) pairs.push({ kvGroups, channels });
      }
    }
    return pairs;
  }
  const reachable = (job: EqualJob): boolean => feasible(job).length > 0;

  it("have heads that divide the hidden size wherever any such count meets the target within one unit", () => {
    fc.assert(
      fc.property(equalJob.filter(reachable), (job) => {
        const [widths, ...others] = equal(job);
        for (const other of others) expect(other).toEqual(widths);
        const pairs = feasible(job);
        expect(pairs).toContainEqual(widths);
        const divides = (kvGroups: number): boolean => job.hiddenSize % (kvGroups * job.perGroup) === 0;
        expect(divides(widths.kvGroups)).toBe(pairs.some(({ kvGroups }) => divides(kvGroups)));
      }),
      RUNS,
    );
  });

  it("are those of all counts where none divides, or a job wants any", () => {
    fc.assert(
      fc.property(equalJob.filter(reachable), (job) => {
        const free = equal(job, false);
        expect(feasible(job)).toContainEqual(free[0]);
        const divides = ({ kvGroups }: { kvGroups: number }): boolean =>
          job.hiddenSize % (kvGroups * job.perGroup) === 0;
        if (divides(free[0]) || !feasible(job).some(divides)) expect(equal(job)).toEqual(free);
      }),
      RUNS,
    );
  });
});
