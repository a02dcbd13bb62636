import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  defineSpace,
  type History,
  type Parameter,
  type Params,
  streamRng,
  type Trial,
  tpeOptions,
  tpeSampler,
} from "../src/index.js";
import { cholesky, solveLower, solveLowerFour, solveLowerTransposed } from "../src/numeric/cholesky.js";
import { expectedImprovement } from "../src/numeric/expected-improvement.js";
import { gaussianProcess } from "../src/samplers/local/gaussian-process.js";
import { knownValues } from "../src/samplers/local/known-values.js";
import { localProposal } from "../src/samplers/local/local-proposal.js";
import { mutant } from "../src/samplers/local/mutant.js";
import { placer, squaredDistancesTo } from "../src/samplers/local/place.js";
import { uniformDraw } from "../src/samplers/uniform-draw.js";

const DIMENSIONS = 20;
const parameters = Array.from(
  { length: DIMENSIONS },
  (_, d): Parameter => ({ name: `x${d}`, type: "float", low: -1, high: 1 }),
);
const space = defineSpace(parameters);
const bowl = (params: Params): number =>
  parameters.reduce((sum, { name }, d) => sum + (Number(params[name]) - 0.3 * Math.sin(d)) ** 2, 0);

function search(localShare: number, seed: number, length: number): Trial[] {
  const sampler = tpeSampler(tpeOptions({ localShare }));
  const trials: Trial[] = [];
  for (let number = 0; number < length; number++) {
    const params = sampler.suggest(space, { directions: ["minimize"], trials }, streamRng(seed, number));
    trials.push({ number, state: "complete", params, values: [bowl(params)] });
  }
  return trials;
}

const bestOf = (trials: readonly Trial[]): Trial =>
  trials.reduce((a, b) => ((b.values?.[0] ?? Infinity) < (a.values?.[0] ?? Infinity) ? b : a));
const minimize = (trials: readonly Trial[]): History => ({ directions: ["minimize"], trials });
const everything = (): boolean => true;

describe("local proposals", () => {
  it.each([0, 1, 2])("end nearer to the best point of 20 dimensions than densities alone (seed %i)", (seed) => {
    const found = (share: number): number => bestOf(search(share, seed, 60)).values?.[0] ?? Infinity;
    expect(found(0.7)).toBeLessThan(0.6 * found(0));
  });

  it("keep most of the best trial's values", () => {
    const trials = search(0, 4, 30);
    const best = bestOf(trials).params;
    const kept = Array.from({ length: 40 }, (_, i) => {
      const point = localProposal(space.dimensions, minimize(trials), everything, streamRng(1, i)) ?? [];
      return parameters.filter(({ name }, d) => best[name] === point[d]).length;
    });
    expect(kept.reduce((sum, count) => sum + count, 0) / kept.length).toBeGreaterThan(DIMENSIONS / 2);
    expect(Math.max(...kept)).toBeLessThan(DIMENSIONS);
  });

  it("follow the direction: what minimises a loss maximises its negative", () => {
    const trials = search(0, 5, 20);
    const negative = trials.map((trial) => ({ ...trial, values: trial.values?.map((value) => -value) ?? [] }));
    const ask = (history: History) => localProposal(space.dimensions, history, everything, streamRng(2, 0));
    expect(ask({ directions: ["maximize"], trials: negative })).toEqual(ask(minimize(trials)));
  });

  it("do not come back to where a trial is running", () => {
    const trials = search(0, 6, 20);
    const ask = (known: readonly Trial[]) =>
      localProposal(space.dimensions, minimize(known), everything, streamRng(3, 0));
    const first = ask(trials) ?? [];
    const params = Object.fromEntries(parameters.map(({ name }, d) => [name, first[d]]));
    expect(ask([...trials, { number: 20, state: "running", params }])).not.toEqual(first);
  });

  it("start from the best feasible trial", () => {
    const trials = search(0, 7, 20);
    const best = bestOf(trials);
    const known = knownValues(minimize(trials), (trial) => trial !== best);
    expect(known?.trials[known.incumbent]).toBe(bestOf(trials.filter((trial) => trial !== best)));
    const losses = known?.trials.map((_, i) => known.lossOf(i)) ?? [];
    expect(losses[best.number]).toBe(Math.max(...losses));
  });

  it("are left out with several objectives, without a difference to learn from, and without the dimension", () => {
    const trials = search(0, 8, 12);
    const propose = (history: History) => localProposal(space.dimensions, history, everything, streamRng(1, 1));
    expect(propose({ directions: ["minimize", "minimize"], trials })).toBeNull();
    expect(propose(minimize(trials.map((trial) => ({ ...trial, values: [1] }))))).toBeNull();
    expect(propose(minimize(trials.map((trial) => ({ ...trial, params: {} }))))).toBeNull();
    expect(propose(minimize([]))).toBeNull();
  });

  it("leave the streams of Optuna's presets alone", () => {
    for (const preset of ["optuna49", "optuna5"] as const) expect(tpeOptions({}, preset).localShare).toBe(0);
    expect(() => tpeOptions({ localShare: -0.1 })).toThrow(RangeError);
    expect(() => tpeOptions({ localShare: 1.1 })).toThrow("localShare is 1.1");
  });
});

describe("a mutant", () => {
  const mixed = defineSpace([
    { name: "whole", type: "int", low: 0, high: 9 },
    { name: "log", type: "float", low: 1e-3, high: 10, log: true },
    { name: "choice", type: "categorical", choices: ["a", "b", "c"] },
  ]).dimensions;

  it("stays inside its dimensions", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [whole, log, choice] = mutant(mixed, [9, 1e-3, 2], streamRng(seed, 0));
        expect(Number.isInteger(whole) && whole >= 0 && whole <= 9).toBe(true);
        expect(log >= 1e-3 * (1 - 1e-12) && log <= 10 * (1 + 1e-12)).toBe(true);
        expect([0, 1, 2]).toContain(choice);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("changes choices where there is nothing else", () => {
    const choices = mixed.slice(2);
    const seen = new Set(Array.from({ length: 30 }, (_, i) => mutant(choices, [0], streamRng(i, 0))[0]));
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });
});

describe("the Gaussian process", () => {
  const places = Array.from({ length: 15 }, (_, i) => Float64Array.of((i % 5) / 4, Math.floor(i / 5) / 2));
  const plane = (place: Float64Array): number => Math.sin(2 * place[0]) + place[1];
  const model = gaussianProcess(places, Float64Array.from(places, plane));

  it("knows what it was told, predicts between, and is less sure farther away", () => {
    const means = model?.predict(places).map(({ mean }) => mean);
    places.forEach((place, i) => {
      expect(means?.[i]).toBeCloseTo(plane(place), 2);
      expect(model?.predict([place])[0].mean).toBe(means?.[i]);
    });
    const between = Float64Array.of(0.6, 0.3);
    expect(Math.abs((model?.predict([between])[0].mean ?? 9) - plane(between))).toBeLessThan(0.05);
    const deviations = [1, 2, 4].map((x) => model?.predict([Float64Array.of(x, x)])[0].deviation ?? 0);
    expect(deviations).toEqual([...deviations].sort((a, b) => a - b));
  });

  it("cannot be fitted to equal values", () => {
    expect(gaussianProcess(places, new Float64Array(15).fill(2))).toBeNull();
  });
});

describe("numbers under the model", () => {
  it("factor and solve a positive definite matrix, and refuse another", () => {
    const factor = cholesky(Float64Array.of(4, 0, 2, 3), 2);
    expect(factor).toEqual(Float64Array.of(2, 0, 1, Math.SQRT2));
    // [[4, 2], [2, 3]] · [1, 2] = [8, 8].
    const solved = factor && solveLowerTransposed(factor, solveLower(factor, Float64Array.of(8, 8)));
    expect([...(solved ?? [])].map((x) => Number(x.toFixed(12)))).toEqual([1, 2]);
    expect(cholesky(Float64Array.of(1, 0, 2, 1), 2)).toBeNull();
  });

  it("factor, and solve for four sides at once, what has any size", () => {
    for (const n of [1, 4, 7, 12]) {
      const rng = streamRng(n, 0);
      const root = Float64Array.from({ length: n * n }, () => rng.next());
      // R·Rᵀ + I is positive definite.
      const product = (a: Float64Array, i: number, j: number): number =>
        Array.from({ length: n }, (_, k) => a[i * n + k] * a[j * n + k]).reduce((sum, x) => sum + x, 0);
      const matrix = Float64Array.from({ length: n * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        return product(root, i, j) + (i === j ? 1 : 0);
      });
      const factor = cholesky(matrix, n) ?? new Float64Array();
      matrix.forEach((entry, at) => {
        expect(product(factor, Math.floor(at / n), at % n)).toBeCloseTo(entry, 12);
      });
      const sides = Float64Array.from({ length: 4 * n }, () => rng.next());
      const solved = sides.slice();
      solveLowerFour(factor, solved);
      for (let j = 0; j < 4; j++) {
        const side = (all: Float64Array) => Float64Array.from({ length: n }, (_, k) => all[k * 4 + j]);
        expect(side(solved)).toEqual(solveLower(factor, side(sides)));
      }
    }
  });

  it("measure distances from columns as between places", () => {
    const { dimensions } = defineSpace([
      { name: "x", type: "float", low: -2, high: 3 },
      { name: "rate", type: "float", low: 1e-4, high: 1, log: true },
      { name: "choice", type: "categorical", choices: ["a", "b", "c"] },
    ]);
    const points = Array.from({ length: 20 }, (_, i) => {
      const rng = streamRng(9, i);
      return dimensions.map((dimension) => uniformDraw(dimension, rng));
    });
    const columns = dimensions.map((_, d) => Float64Array.from(points, (point) => point[d]));
    const places = points.map(placer(dimensions));
    const expected = places.map((place) => place.reduce((sum, x, c) => sum + (x - places[4][c]) ** 2, 0));
    expect(Array.from(squaredDistancesTo(dimensions, columns, 4))).toEqual(expected);
  });

  it("give the expected improvement of a normal value", () => {
    expect(expectedImprovement(0, 1, 0)).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 12);
    expect(expectedImprovement(-3, 0, 0)).toBe(3);
    expect(expectedImprovement(3, 0, 0)).toBe(0);
    expect(expectedImprovement(-50, 1, 0)).toBeCloseTo(50, 9);
  });
});
