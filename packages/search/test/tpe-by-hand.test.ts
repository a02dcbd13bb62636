import { describe, expect, it } from "vitest";
import { gammaRules, type History, type Trial, tpeOptions } from "../src/index.js";
import { acquisition, densities } from "../src/samplers/tpe/acquisition.js";
import { commonNames, groupNames } from "../src/samplers/tpe/groups.js";
import { contributionWeights } from "../src/samplers/tpe/objectives/contribution-weights.js";
import { hypervolume } from "../src/samplers/tpe/objectives/hypervolume.js";
import { selectSubset } from "../src/samplers/tpe/objectives/subset-selection.js";
import { parzenEstimator } from "../src/samplers/tpe/parzen/parzen-estimator.js";
import { recencyWeights } from "../src/samplers/tpe/recency-weights.js";
import { splitTrials } from "../src/samplers/tpe/split.js";
import { toDimension } from "../src/space/dimension.js";

const plain = { constantLiar: false, constraints: false, missingConstraints: "infeasible" } as const;
const unit = toDimension({ name: "x", type: "float", low: 0, high: 1 });
const optuna = tpeOptions({}, "optuna49");

const complete = (number: number, value: number, params = {}): Trial => ({
  number,
  state: "complete",
  params,
  values: [value],
});
const numbers = (trials: readonly Trial[]): number[] => trials.map(({ number }) => number);

describe("gamma and recency", () => {
  it("counts good trials as the rules say", () => {
    expect([0, 1, 10, 11, 250, 1000].map(gammaRules.default)).toEqual([0, 1, 1, 2, 25, 25]);
    expect([0, 16, 17, 64].map(gammaRules.hyperopt)).toEqual([0, 1, 2, 2]);
    expect(gammaRules.uncapped(400)).toBe(40);
  });

  it("weighs the newest 25 trials fully and older ones on a ramp", () => {
    expect(Array.from(recencyWeights(3))).toEqual([1, 1, 1]);
    expect(Array.from(recencyWeights(28)).slice(0, 4)).toEqual([1 / 28, expect.closeTo((1 + 1 / 28) / 2, 15), 1, 1]);
    expect(recencyWeights(26)[0]).toBe(1 / 26);
  });
});

describe("the split", () => {
  it("takes the best, keeps history order on ties, drops failed trials, puts running ones above with the liar", () => {
    const trials: Trial[] = [
      complete(0, 2),
      complete(1, 1),
      { number: 2, state: "failed", params: {} },
      complete(3, 1),
      { number: 4, state: "running", params: {} },
    ];
    const history: History = { directions: ["minimize"], trials };
    const split = splitTrials(history, 1, plain);
    expect([numbers(split.below), numbers(split.above)]).toEqual([[1], [0, 3]]);
    expect(numbers(splitTrials(history, 1, { ...plain, constantLiar: true }).above)).toEqual([0, 3, 4]);
    expect(numbers(splitTrials({ ...history, directions: ["maximize"] }, 1, plain).below)).toEqual([0]);
  });

  it("fills up with pruned trials, furthest first, then with infeasible ones by violation", () => {
    const trials: Trial[] = [
      { number: 0, state: "pruned", params: {}, intermediate: [[1, 5]] },
      { number: 1, state: "pruned", params: {} },
      {
        number: 2,
        state: "pruned",
        params: {},
        intermediate: [
          [1, 0],
          [2, 9],
        ],
      },
      { ...complete(3, 0), constraints: [2] },
      { ...complete(4, 0), constraints: [1, -5] },
      { ...complete(5, 7), constraints: [0] },
    ];
    const below = (count: number): number[] =>
      numbers(
        splitTrials({ directions: ["minimize"], trials: trials.map((t) => ({ constraints: [0], ...t })) }, count, {
          ...plain,
          constraints: true,
        }).below,
      );
    expect(below(2)).toEqual([2, 5]);
    expect(below(3)).toEqual([0, 2, 5]);
    expect(below(5)).toEqual([0, 1, 2, 4, 5]);
  });
});

describe("several objectives", () => {
  it("measures volumes and contributions of small fronts", () => {
    expect(
      hypervolume(
        [
          [1, 2],
          [2, 1],
          [2, 2],
        ],
        [3, 3],
      ),
    ).toBe(3);
    expect(
      hypervolume(
        [
          [0, 0, 1],
          [1, 0, 0],
        ],
        [2, 2, 2],
      ),
    ).toBe(6);
    // Reference point (2.2, 2.2): the middle point adds 1, each end 0.2, so a share of 0.2.
    const weights = contributionWeights([
      [0, 2],
      [1, 1],
      [2, 0],
      [2, 2],
    ]);
    [0.2, 1, 0.2, 1e-12].forEach((weight, i) => {
      expect(weights[i]).toBeCloseTo(weight, 12);
    });
  });

  it("selects the middle first, then the lexicographically smaller end, duplicates last", () => {
    expect(
      selectSubset(
        [
          [2, 0],
          [1, 1],
          [1, 1],
          [0, 2],
        ],
        4,
        [3, 3],
      ),
    ).toEqual([1, 3, 0, 2]);
  });
});

describe("the Parzen estimator", () => {
  it("is the prior alone without observations", () => {
    const { weights, logDensity } = parzenEstimator([unit], [new Float64Array()], optuna);
    expect(Array.from(weights)).toEqual([1]);
    // Normal of width 1 at 0.5, cut to [0, 1]: mass 0.3829249225480262.
    const [centre, outside] = logDensity([Float64Array.of(0.5, 1.5)], 2);
    expect(centre).toBeCloseTo(Math.log(1 / Math.sqrt(2 * Math.PI) / 0.3829249225480262), 14);
    expect(outside).toBe(-Infinity);
  });

  it("sizes kernels by the gaps to their neighbours and clips them", () => {
    const [found] = parzenEstimator([unit], [Float64Array.of(0.7, 0.1, 0.11)], optuna).describe();
    // One-sided ends: 0.7 has 0.59 below it, 0.1 has 0.01 above it and is clipped to 1/5, 0.11 has 0.59 above it.
    expect("sigmas" in found && Array.from(found.sigmas, (s) => s.toFixed(6))).toEqual([
      "0.590000",
      "0.200000",
      "0.590000",
      "1.000000",
    ]);
    expect("mus" in found && found.mus[3]).toBe(0.5);
  });

  it("adds the prior as a neighbour only where the settings say so", () => {
    const [found] = parzenEstimator([unit], [Float64Array.of(0.1, 0.9)], {
      ...optuna,
      priorNeighbour: true,
    }).describe();
    expect("sigmas" in found && Array.from(found.sigmas, (s) => s.toFixed(6))).toEqual([
      "0.400000",
      "0.400000",
      "1.000000",
    ]);
  });

  it("gives a stepped parameter probabilities that sum to one", () => {
    const dimension = toDimension({ name: "k", type: "int", low: 1, high: 16, log: true });
    const points = Float64Array.from({ length: 16 }, (_, i) => i + 1);
    const logs = parzenEstimator([dimension], [Float64Array.of(3, 3, 9)], optuna).logDensity([points], 16);
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 13);
  });

  it("counts the options of a categorical parameter", () => {
    const dimension = toDimension({ name: "c", type: "categorical", choices: ["a", "b"] });
    const [found] = parzenEstimator([dimension], [Float64Array.of(1)], optuna).describe();
    expect("probabilities" in found && found.probabilities.map((row) => Array.from(row))).toEqual([
      [0.25, 0.75],
      [0.5, 0.5],
    ]);
    const estimator = parzenEstimator([dimension], [Float64Array.of(1)], optuna);
    expect([0.2, 0.25, 0.26, 1].map((q) => estimator.drawFrom(0, [q])[0])).toEqual([0, 0, 1, 1]);
  });

  it("refuses columns of different lengths and options that do not exist", () => {
    expect(() => parzenEstimator([unit, unit], [Float64Array.of(1), new Float64Array()], optuna)).toThrow(RangeError);
    const dimension = toDimension({ name: "c", type: "categorical", choices: ["a", "b"] });
    expect(() => parzenEstimator([dimension], [Float64Array.of(2)], optuna)).toThrow(/index below 2/);
  });
});

describe("the acquisition", () => {
  it("is largest near the good trials, and the first of equals wins", () => {
    const trials = [0.2, 0.21, 0.8, 0.85, 0.9].map((x, i) => complete(i, x, { x }));
    const history: History = { directions: ["minimize"], trials };
    const split = splitTrials(history, 2, plain);
    for (const goodWeights of ["recency", "improvement"] as const) {
      const pair = densities([unit], split, history.directions, { ...optuna, goodWeights });
      const { argmax, values } = acquisition(pair, [Float64Array.of(0.9, 0.2, 0.2, 0.5)], 4);
      expect(argmax).toBe(1);
      expect(values[1]).toBeGreaterThan(values[3]);
    }
  });

  it("weighs good trials by their improvement over the best bad one", () => {
    const trials = [1, 3, 4, 9].map((value, i) => complete(i, value, { x: 0.1 * i }));
    const history: History = { directions: ["minimize"], trials };
    const pair = densities([unit], splitTrials(history, 2, plain), history.directions, {
      ...optuna,
      goodWeights: "improvement",
    });
    // Improvements 3 and 1 over the value 4 have mean 2: weights 1.5 and 0.5, and 1 for the prior.
    expect(Array.from(pair.below.weights)).toEqual([0.5, expect.closeTo(1 / 6, 15), expect.closeTo(1 / 3, 15)]);
  });
});

describe("groups", () => {
  it("holds together what the same trials contain", () => {
    expect(groupNames([["a", "b", "c"], ["a", "b"], ["d"]])).toEqual([["a", "b"], ["c"], ["d"]]);
    expect(groupNames([])).toEqual([]);
    expect(
      commonNames([
        new Map([
          ["a", "1"],
          ["b", "1"],
        ]),
        new Map([
          ["b", "2"],
          ["a", "1"],
        ]),
      ]),
    ).toEqual(["a"]);
  });
});

describe("options", () => {
  it("take the preset's values for what is not given and refuse what cannot be", () => {
    expect(tpeOptions({ candidates: 3 }, "optuna5")).toMatchObject({
      candidates: 3,
      multivariate: true,
      goodWeights: "recency",
    });
    expect(() => tpeOptions({ candidates: 0 })).toThrow("TPE option candidates is 0");
    expect(() => tpeOptions({ categoricalPriorWeight: -1 })).toThrow(RangeError);
    expect(() => tpeOptions(JSON.parse('{"gamma":"half"}'))).toThrow(/gamma is 'half', must be one of default/);
  });
});
