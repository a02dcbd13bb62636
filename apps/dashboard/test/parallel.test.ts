import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importanceSentence } from "../src/pages/job/search/importance/importance-option.js";
import {
  byImportance,
  matching,
  numberText,
  type Parallel,
  type Parameter,
  SCORE,
  shownAxes,
  shownNames,
} from "../src/pages/job/search/parallel/parallel-data.js";
import { parallelTable } from "../src/pages/job/search/parallel/parallel-option.js";
import { across, sliceOf, sliceTable } from "../src/pages/job/search/slices/slices-option.js";

const numeric = (name: string): Parameter => ({
  name,
  type: "float",
  low: 0,
  high: 1,
  step: null,
  log: false,
  choices: null,
});
const choice: Parameter = {
  ...numeric("metric"),
  type: "categorical",
  low: null,
  high: null,
  choices: ["obs", "wanda_sp", null],
};

const view: Parallel = {
  trials: 40,
  truncated: false,
  top_score: 2,
  axes: [numeric("x"), choice, numeric("rare")],
  rows: [
    { number: 0, score: 3, values: [0.5, 0, null] },
    { number: 4, score: 2, values: [1.5, 1, 0.25] },
    { number: 9, score: 2.5, values: [0.1, 2, null] },
  ],
};

describe("parallel coordinates", () => {
  it("show the most important parameters first, and those that were chosen", () => {
    const ordered = byImportance(view.axes, [
      { name: "rare", importance: 0.7 },
      { name: "metric", importance: 0.3 },
    ]);
    expect(ordered).toEqual(["rare", "metric", "x"]);
    expect(shownNames(ordered, ["x", "gone", "rare"])).toEqual(["rare", "x"]);
    expect(shownNames(ordered, ["gone"])).toEqual(ordered);
    const many = Array.from({ length: 40 }, (_, n) => `p${n}`);
    expect(shownNames(many, undefined)).toEqual(many.slice(0, 7));
  });

  it("have axes as wide as what is searched and what was tried, and last that of the score", () => {
    const axes = shownAxes(view, ["x", "metric"]);
    expect(axes.map(({ name, low, high }) => [name, low, high])).toEqual([
      ["x", 0, 1.5],
      ["metric", -0.5, 2.5],
      [SCORE, 2, 3],
    ]);
  });

  it("keep the trials that lie in all ranges; one without a value lies in none", () => {
    const axes = shownAxes(view, ["x", "metric", "rare"]);
    const numbers = (brushes: Parameters<typeof matching>[2]) =>
      matching(view.rows, axes, brushes).map(({ number }) => number);
    expect(numbers({})).toEqual([0, 4, 9]);
    expect(numbers({ x: [0, 1], metric: [-0.5, 0.5] })).toEqual([0]);
    expect(numbers({ rare: [0, 1] })).toEqual([4]);
    expect(numbers({ [SCORE]: [2, 2.5] })).toEqual([4, 9]);
    expect(numbers({ hidden: [7, 8] })).toEqual([0, 4, 9]);
  });

  it("are a table with choices by name", () => {
    const { columns, rows } = parallelTable(view);
    expect(columns).toEqual(["trial", "score", "perplexity", "x", "metric", "rare"]);
    expect(rows[0]).toEqual([4, 2, Math.exp(2), 1.5, "wanda sp", 0.25]);
    expect(rows[1]?.slice(3)).toEqual([0.1, "null", null]);
  });

  it("write numbers short", () => {
    expect([0, 0.123456, 0.0001234567, -12.34567, 1e7].map(numberText)).toEqual([
      "0",
      "0.1235",
      "1.235e-4",
      "-12.35",
      "10000000",
    ]);
  });
});

describe("a slice", () => {
  it("has the trials that have the parameter, the best first", () => {
    expect(sliceOf(view, "rare")?.points).toEqual([{ number: 4, value: 0.25, score: 2, isTop: true }]);
    expect(sliceOf(view, "metric")?.points.map(({ number }) => number)).toEqual([4, 9, 0]);
    expect(sliceOf(view, "gone")).toBeUndefined();
    const slice = sliceOf(view, "metric");
    expect(slice && sliceTable(slice).rows[0]).toEqual([4, "wanda sp", 2, Math.exp(2)]);
  });

  it("spreads trials over the strip of their choice, always alike", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(2), (number, value) => {
        const point = { number, value, score: 1, isTop: false };
        expect(Math.abs(across(choice, point) - value)).toBeLessThanOrEqual(0.3 + 1e-9);
        expect(across(choice, point)).toBe(across(choice, point));
        expect(across(numeric("x"), point)).toBe(value);
      }),
    );
  });
});

describe("importances", () => {
  const said = (...importances: number[]) =>
    importanceSentence({
      trials: 9,
      truncated: false,
      quantile: 0.1,
      top_trials: 1,
      reason: null,
      parameters: importances.map((importance, n) => ({ name: `p${n}`, importance, variance: 1 })),
    });

  it("are said in a sentence", () => {
    expect(said(0.7, 0.3)).toBe("p0 decides most, 70.0 % of what parameters explain, then p1 with 30.0 %.");
    expect(said(1, 0)).toBe("p0 decides most, 100.0 % of what parameters explain.");
    expect(said(0, 0)).toBe("No parameter decides more than another.");
  });
});
