import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  defineSpace,
  type History,
  type Parameter,
  type Params,
  type Sampler,
  streamRng,
  type Trial,
} from "../src/index.js";

const parameters: readonly Parameter[] = [
  { name: "real", type: "float", low: -2, high: 3 },
  { name: "log", type: "float", low: 1e-4, high: 10, log: true },
  { name: "stepped", type: "float", low: 0, high: 1, step: 0.3 },
  { name: "whole", type: "int", low: 2, high: 64 },
  { name: "multiple", type: "int", low: 1, high: 20, step: 4 },
  { name: "wholeLog", type: "int", low: 1, high: 256, log: true },
  { name: "choice", type: "categorical", choices: ["a", 2, true, null] },
  { name: "fixed", type: "float", low: 0.5, high: 0.5 },
  { name: "onlyChoice", type: "categorical", choices: ["this"] },
];
const space = defineSpace(parameters);

/** A smooth function with a best point inside the space. */
const lossOf = (params: Params): number => (Number(params["real"]) - 1) ** 2 + Number(params["whole"]) / 64;

/** A history made by the sampler itself, with every state a trial can have. */
function historyOf(sampler: Sampler, seed: number, length: number): History {
  const trials: Trial[] = [];
  for (let number = 0; number < length; number++) {
    const params = sampler.suggest(space, { directions: ["minimize"], trials }, streamRng(seed, number));
    const value = lossOf(params);
    if (number % 11 === 10) trials.push({ number, state: "running", params });
    else if (number % 13 === 12) trials.push({ number, state: "failed", params });
    else if (number % 7 === 6) trials.push({ number, state: "pruned", params, intermediate: [[0, value + 1]] });
    else trials.push({ number, state: "complete", params, values: [value] });
  }
  return { directions: ["minimize"], trials };
}

const reversedKeys = (params: Params): Params => Object.fromEntries(Object.entries(params).reverse());

function expectInside(params: Params): void {
  expect(Object.keys(params).sort()).toEqual(parameters.map(({ name }) => name).sort());
  for (const [name, low, high] of [
    ["real", -2, 3],
    ["log", 1e-4, 10],
    ["whole", 2, 64],
    ["wholeLog", 1, 256],
  ] as const) {
    expect(params[name]).toBeGreaterThanOrEqual(low);
    expect(params[name]).toBeLessThanOrEqual(high);
  }
  expect(Number.isInteger(params["whole"]) && Number.isInteger(params["wholeLog"])).toBe(true);
  expect([0, 1, 2, 3].map((k) => k * 0.3)).toContain(params["stepped"]);
  expect([1, 5, 9, 13, 17]).toContain(params["multiple"]);
  expect(["a", 2, true, null]).toContain(params["choice"]);
  expect(params["fixed"]).toBe(0.5);
  expect(params["onlyChoice"]).toBe("this");
}

/** What every sampler promises. */
export function samplerContract(name: string, make: () => Sampler): void {
  describe(`${name} keeps the sampler contract`, () => {
    const sampler = make();
    const history = historyOf(sampler, 3, 40);

    it("stays inside the bounds, on the steps, among the choices, at every length of history", () => {
      for (const trial of history.trials) expectInside(trial.params);
      fc.assert(
        fc.property(fc.nat(), fc.nat({ max: 40 }), (seed, length) => {
          const known = { ...history, trials: history.trials.slice(0, length) };
          expectInside(sampler.suggest(space, known, streamRng(seed, length)));
        }),
        { numRuns: 60, seed: 7 },
      );
    });

    it("proposes the same for the same seed and something else for another", () => {
      const ask = (seed: number): Params => make().suggest(space, history, streamRng(seed, 40));
      expect(ask(5)).toEqual(ask(5));
      expect(ask(5)).not.toEqual(ask(6));
    });

    it("does not depend on the order of keys or on the order in which trials are stored", () => {
      const shuffled = history.trials.map((trial) => ({ ...trial, params: reversedKeys(trial.params) })).reverse();
      const ask = (trials: readonly Trial[]): Params =>
        sampler.suggest(space, { ...history, trials }, streamRng(9, 40));
      expect(ask(shuffled)).toEqual(ask(history.trials));
    });

    it("leaves space, history and their parts as they were", () => {
      const before = JSON.stringify([space, history]);
      sampler.suggest(space, history, streamRng(1, 41));
      expect(JSON.stringify([space, history])).toBe(before);
    });

    it("proposes with nothing but running trials, with foreign parameters, and with an empty space", () => {
      const running = history.trials.map(({ number, params }): Trial => ({ number, state: "running", params }));
      expectInside(sampler.suggest(space, { ...history, trials: running }, streamRng(1, 40)));
      const foreign = history.trials.map((trial) => ({ ...trial, params: { other: 1, real: 99, choice: "z" } }));
      expectInside(sampler.suggest(space, { ...history, trials: foreign }, streamRng(1, 40)));
      expect(sampler.suggest(defineSpace([]), history, streamRng(1, 40))).toEqual({});
    });

    it("works with infinite values, equal values and two objectives", () => {
      const endless = history.trials.map((trial, i) =>
        trial.state === "complete"
          ? { ...trial, values: [i % 3 === 0 ? Infinity : i % 3 === 1 ? -Infinity : 1] }
          : trial,
      );
      expectInside(sampler.suggest(space, { ...history, trials: endless }, streamRng(1, 40)));
      const equal = history.trials.map((trial) => (trial.state === "complete" ? { ...trial, values: [1] } : trial));
      expectInside(sampler.suggest(space, { ...history, trials: equal }, streamRng(1, 40)));
      const two = history.trials.map((trial, i) =>
        trial.state === "complete" ? { ...trial, values: [i, -i % 5] } : trial,
      );
      expectInside(sampler.suggest(space, { directions: ["minimize", "maximize"], trials: two }, streamRng(1, 40)));
    });
  });
}
