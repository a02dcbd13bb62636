import { describe, expect, it } from "vitest";
import {
  courseOf,
  courseSentence,
  type History,
  improvementsOf,
  thinnedText,
} from "../src/pages/job/search/history/history-data.js";
import { ceilingOf, historyTable, refinementFrom } from "../src/pages/job/search/history/history-option.js";

type Trial = History["trials"][number];

const trial = (number: number, change: Partial<Trial>): Trial => ({
  number,
  state: "completed",
  origin: "sampler",
  score: null,
  best_score: null,
  rival: null,
  partial_score: null,
  scored_share: null,
  perplexities: [],
  ...change,
});

const at = (...perplexities: number[]) =>
  perplexities.map((scoring_perplexity, n) => ({ sparsity: n === 0 ? 0.2 : 0.5, scoring_perplexity }));

const ln = Math.log;

/** Two targets; trial 3 is better over both and worse at the first. */
const history: History = {
  trials: [
    trial(0, { origin: "start", score: ln(8), best_score: ln(8), perplexities: at(4, 16) }),
    trial(1, { state: "pruned", best_score: ln(8), partial_score: ln(9), rival: 0, scored_share: 0.5 }),
    trial(2, { state: "failed", best_score: ln(8) }),
    trial(3, { origin: "refinement", score: ln(7), best_score: ln(7), perplexities: at(4.9, 10) }),
    trial(4, { origin: "refinement", score: ln(7), best_score: ln(7), perplexities: at(4.9, 10) }),
  ],
  baselines: [
    { name: "obs", sparsity: 0.2, scoring_perplexity: 5 },
    { name: "obs", sparsity: 0.5, scoring_perplexity: 20 },
    { name: "wanda_sp", sparsity: 0.2, scoring_perplexity: 4.5 },
    { name: "wanda_sp", sparsity: 0.5, scoring_perplexity: null },
  ],
  total: 5,
  thinned: false,
};

const dense = { scoring_perplexity: 3 } as Parameters<typeof courseOf>[1];
const over = courseOf(history, dense, { sparsities: [0.2, 0.5], sparsity: null });
const atFirst = courseOf(history, dense, { sparsities: [0.2, 0.5], sparsity: 0.2 });

const rounded = (values: readonly (number | null)[]) => values.map((value) => value && Number(value.toFixed(9)));

describe("the course of a search", () => {
  it("over all targets is that of the score; a stopped trial has an estimate, a failed one nothing", () => {
    expect(rounded(over.points.map(({ perplexity }) => perplexity))).toEqual([8, 9, null, 7, 7]);
    expect(rounded(over.points.map(({ best }) => best))).toEqual([8, 8, 8, 7, 7]);
    expect(improvementsOf(over).map(({ number }) => number)).toEqual([3, 0]);
  });

  it("at one target follows the trial that is best over all", () => {
    expect(atFirst.points.map(({ perplexity }) => perplexity)).toEqual([4, null, null, 4.9, 4.9]);
    expect(atFirst.points.map(({ best }) => best)).toEqual([4, 4, 4, 4.9, 4.9]);
  });

  it("of one target is the score's whether it is chosen or not", () => {
    const one = { ...history, trials: [history.trials[1]].flatMap((known) => known ?? []) };
    const course = courseOf(one, null, { sparsities: [0.2], sparsity: 0.2 });
    expect(rounded(course.points.map(({ perplexity }) => perplexity))).toEqual([9]);
  });

  it("is measured by baselines that have a perplexity at every target shown", () => {
    expect(over.baselines.map(({ name, perplexity }) => [name, Math.round(perplexity)])).toEqual([["obs", 10]]);
    expect(atFirst.baselines.map(({ name }) => name)).toEqual(["wanda_sp", "obs"]);
  });

  it("is said in a sentence", () => {
    expect(courseSentence(over)).toBe(
      "The best perplexity is 7.0000 by trial 3, 30.0 % better than the best baseline (obs); the dense model has 3.0000.",
    );
    expect(courseSentence(atFirst, 4)).toContain("Up to trial 4 the best perplexity is 4.9000 by trial 3, 8.9 % worse");
    expect(courseSentence({ points: [], baselines: [], dense: null })).toBe("No trial was completed yet.");
    expect(thinnedText(history)).toBe("");
    expect(thinnedText({ ...history, total: 100_000, thinned: true })).toMatch(/^5 of 100,000 trials are drawn/);
  });

  it("is a table with what it is measured by", () => {
    const { rows } = historyTable(over);
    expect(rows).toHaveLength(5 + 1 + 1);
    expect(rows[2]).toEqual([2, "failed", "sampler", null, over.points[2]?.best]);
    expect(rows.at(-1)).toEqual(["dense", "dense", null, 3, null]);
  });

  it("begins to refine at the first refined trial after others", () => {
    expect(refinementFrom(over.points)).toBe(3);
    expect(refinementFrom(over.points.slice(3))).toBeUndefined();
    expect(refinementFrom(over.points.slice(0, 2))).toBeUndefined();
  });

  it("on a linear axis leaves out what lies far above", () => {
    const many = Array.from({ length: 100 }, (_, n) => trial(n, { score: n === 50 ? 12 : 2, best_score: 2 }));
    const course = courseOf({ ...history, trials: many, baselines: [] }, null, { sparsities: [0.2], sparsity: null });
    expect(ceilingOf(course, "linear")).toBeCloseTo(Math.exp(2));
    expect(ceilingOf(course, "log")).toBeCloseTo(Math.exp(12));
  });
});
