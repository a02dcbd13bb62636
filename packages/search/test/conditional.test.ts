import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  defineSpace,
  type History,
  holds,
  type Parameter,
  type Params,
  randomSampler,
  type Sampler,
  streamRng,
  type Trial,
  tpeOptions,
  tpeSampler,
} from "../src/index.js";

/** One choice on which three parameters hang: two together, one with another choice beside it. */
const parameters: readonly Parameter[] = [
  { name: "x", type: "float", low: -2, high: 2 },
  { name: "temperature", type: "float", low: 1e-3, high: 10, log: true, when: { agg: ["max"] } },
  { name: "agg", type: "categorical", choices: ["mean", "max", "power"] },
  { name: "floor", type: "int", low: 0, high: 9, when: { agg: ["max"] } },
  { name: "norm", type: "categorical", choices: ["rank", "log"] },
  { name: "exponent", type: "float", low: 0, high: 1, when: { agg: ["power", "max"], norm: ["log"] } },
  { name: "only", type: "categorical", choices: ["this"] },
  { name: "kind", type: "categorical", choices: ["a", "b", "c"], when: { only: ["this"], agg: ["mean"] } },
];
const space = defineSpace(parameters);

/** Lowest, 0, at agg max, temperature 0.1, floor 6, x 1, whatever the rest. */
function lossOf(params: Params): number {
  const base = (Number(params["x"]) - 1) ** 2;
  if (params["agg"] !== "max") return base + 0.7 + (params["kind"] === "b" ? 0 : 0.2);
  return base + 0.3 * (Math.log10(Number(params["temperature"])) + 1) ** 2 + 0.03 * (Number(params["floor"]) - 6) ** 2;
}

function run(sampler: Sampler, seed: number, length: number): Trial[] {
  const trials: Trial[] = [];
  for (let number = 0; number < length; number++) {
    const params = sampler.suggest(space, { directions: ["minimize"], trials }, streamRng(seed, number));
    if (number % 9 === 8) trials.push({ number, state: "running", params });
    else trials.push({ number, state: "complete", params, values: [lossOf(params)] });
  }
  return trials;
}

const best = (trials: readonly Trial[]): number => Math.min(...trials.map(({ params }) => lossOf(params)));

function expectWhole(params: Params): void {
  const expected = parameters.filter(({ when }) => holds(when, params)).map(({ name }) => name);
  expect(Object.keys(params).sort()).toEqual(expected.sort());
}

describe.each([
  ["random", () => randomSampler],
  ["espalier", () => tpeSampler(tpeOptions())],
  ["espalier without local proposals", () => tpeSampler(tpeOptions({ localShare: 0 }))],
  ["espalier with nothing but local proposals", () => tpeSampler(tpeOptions({ localShare: 1 }))],
  ["spread starts", () => tpeSampler(tpeOptions({ start: "spread", startupTrials: 30 }))],
  ["groups", () => tpeSampler(tpeOptions({ joint: "groups" }, "optuna5"))],
  ["Optuna 4.9", () => tpeSampler(tpeOptions({}, "optuna49"))],
])("%s in a conditional space", (_, make) => {
  const trials = run(make(), 3, 40);

  it("gives exactly the parameters whose condition holds, at every length of history", () => {
    for (const { params } of trials) expectWhole(params);
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 40 }), (seed, length) => {
        const history: History = { directions: ["minimize"], trials: trials.slice(0, length) };
        expectWhole(make().suggest(space, history, streamRng(seed, length)));
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it("copes with trials that have more or fewer parameters than their condition says", () => {
    const strange = trials.map((trial, i) => {
      const { floor: _floor, ...fewer } = trial.params;
      return { ...trial, params: i % 2 === 0 ? fewer : { temperature: 1, exponent: 0.5, ...trial.params } };
    });
    expectWhole(make().suggest(space, { directions: ["minimize"], trials: strange }, streamRng(1, 40)));
  });
});

describe("TPE in a conditional space", () => {
  it("learns what exists under one choice only: far better than random draws", () => {
    const median = (sampler: Sampler) => {
      const found = [0, 1, 2, 3, 4].map((seed) => best(run(sampler, seed, 70)));
      return found.sort((a, b) => a - b)[2];
    };
    const random = median(randomSampler);
    for (const localShare of [0, 0.7, 1])
      expect(median(tpeSampler(tpeOptions({ localShare })))).toBeLessThan(0.75 * random);
  });
});

describe("a condition", () => {
  const define = (...extra: Parameter[]) => defineSpace([...parameters, ...extra]);
  const child = (when: Parameter["when"]): Parameter => ({
    name: "child",
    type: "float",
    low: 0,
    high: 1,
    ...(when && { when }),
  });

  it.each([
    [{ missing: ["a"] }, "names 'missing', which is not in the space"],
    [{ x: [1] }, "names 'x', which is a number"],
    [{ kind: ["a"] }, "conditions do not nest"],
    [{ child: ["a"] }, "conditional itself"],
    [{ agg: ["median"] }, 'when.agg is ["median"], must be some of ["mean","max","power"]'],
    [{ agg: [] }, "when.agg is []"],
  ])("%j is refused", (when, message) => {
    expect(() => define(child(when))).toThrow(RangeError);
    expect(() => define(child(when))).toThrow(message);
  });

  it("on a parameter with one choice is no condition", () => {
    expect(define(child({ only: ["this"] })).dimensions.at(-1)).not.toHaveProperty("when");
  });
});
