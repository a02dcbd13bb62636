import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bestBaseline,
  type ComparedModel,
  type Comparison,
  comparedRows,
  sparsitiesOf,
  splitOf,
} from "../src/pages/job/comparison/compared-rows.js";
import { axisOf, differencesOf, differenceTable } from "../src/pages/job/comparison/difference-chart.js";
import { intervalText } from "../src/pages/job/comparison/difference-text.js";
import { headline } from "../src/pages/job/comparison/headline.js";

const model = (name: string, sparsity: number, report: number | null, scoring = report): ComparedModel => ({
  name,
  sparsity,
  achieved_sparsity: sparsity,
  parameters: 1000,
  scoring_perplexity: scoring,
  report_perplexity: report,
  compensation: "none",
  allocation: null,
  trial_number: name.startsWith("trial") ? 7 : null,
});

const view = (change: Partial<Comparison> = {}): Comparison => ({
  state: "succeeded",
  dense: model("dense", 0, 4),
  baselines: [model("random", 0.2, null), model("wanda_sp", 0.2, 12), model("obs", 0.2, 10), model("obs", 0.4, 20)],
  best: [model("trial 7", 0.2, 8), model("trial 7", 0.4, 16)],
  improvement: [{ sparsity: 0.2, baseline: "obs", relative: 0.2, interval: [0.1, 0.3] }],
  contamination: [],
  ...change,
});

describe("rows of a comparison", () => {
  it("has the lowest perplexity first and infinite ones last, of one sparsity only", () => {
    const rows = comparedRows(view(), 0.2, "report");
    expect(rows.map(({ model: { name } }) => name)).toEqual(["dense", "trial 7", "obs", "wanda_sp", "random"]);
    expect(bestBaseline(rows)?.model.name).toBe("obs");
  });

  it("says by how much the found plan is better, with the interval where one is known", () => {
    const [dense, found, obs, wanda, random] = comparedRows(view(), 0.2, "report");
    expect(dense?.relative).toBeCloseTo(-1, 12);
    expect(found?.relative).toBeNull();
    expect(obs?.relative).toBeCloseTo(0.2, 12);
    expect(obs?.interval).toEqual([0.1, 0.3]);
    expect(wanda?.interval).toBeNull();
    expect(random?.relative).toBeNull();
  });

  it("shows the scoring text until the report text was read, without intervals", () => {
    const early = view({ best: [model("trial 3", 0.2, null, 9)], improvement: [], dense: model("dense", 0, null, 5) });
    expect(splitOf(early)).toBe("scoring");
    expect(splitOf(view())).toBe("report");
    const rows = comparedRows(view(), 0.2, "scoring");
    expect(rows.every(({ interval }) => interval === null)).toBe(true);
  });

  it("knows the sparsities of baselines before any plan was found", () => {
    expect(sparsitiesOf(view({ best: [] }))).toEqual([0.2, 0.4]);
    expect(sparsitiesOf(view({ best: [], baselines: [] }))).toEqual([]);
  });

  it("gives the chart every model but the found plan and those that are infinite, and the table the same", () => {
    const differences = differencesOf(comparedRows(view(), 0.2, "report"));
    expect(differences.map(({ model: { name } }) => name)).toEqual(["dense", "obs", "wanda_sp"]);
    expect(differenceTable(differences).rows[1]).toEqual(["obs", "baseline", 10, expect.closeTo(0.2, 12), 0.1, 0.3]);
  });
});

describe("intervals", () => {
  it("come for all models where the job has them", () => {
    const differences = [
      { sparsity: 0.2, model: "dense", relative: -1, interval: [-1.2, -0.9] as [number, number] },
      { sparsity: 0.4, model: "wanda_sp", relative: 0.3, interval: [0.2, 0.4] as [number, number] },
    ];
    const rows = comparedRows(view({ differences }), 0.2, "report");
    const known = new Map(rows.map(({ model: { name }, interval }) => [name, interval]));
    expect(known.get("dense")).toEqual([-1.2, -0.9]);
    expect(known.get("wanda_sp"), "of another sparsity").toBeNull();
    expect(known.get("obs"), "of the improvement").toEqual([0.1, 0.3]);
  });

  it.each([
    [[0.045, 0.087], "4.5 % to 8.7 %"],
    [[-0.5, -0.25], "25.0 % to 50.0 % worse"],
    [[-0.02, 0.03], "2.0 % worse to 3.0 % better"],
  ] as const)("%j reads as %s", (interval, text) => {
    expect(intervalText(interval)).toBe(text);
  });
});

describe("the axis of the chart", () => {
  it("has the found plan on a line of the grid, all points inside, and at most as many steps as asked for", () => {
    const place = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 20 }), fc.integer({ min: 4, max: 12 }), (places, lines) => {
        const { min, max, interval } = axisOf(places, lines);
        expect(min).toBeLessThan(Math.min(0, ...places));
        expect(max).toBeGreaterThan(Math.max(0, ...places));
        expect(Math.abs(min / interval - Math.round(min / interval))).toBeLessThan(1e-9);
        expect((max - min) / interval).toBeLessThanOrEqual(lines + 2 + 1e-9);
      }),
    );
  });
});

describe("the finding", () => {
  const at = (change: Partial<Comparison> = {}) => headline(comparedRows(view(change), 0.2, "report"), "report");

  it("names the gain over the best baseline and whether it may be chance", () => {
    const { finding, meaning } = at();
    expect(finding).toBe("Found plan: 8.0000 perplexity, 20.0 % better than the best baseline (obs).");
    expect(meaning[0]).toContain("10.0 % to 30.0 %: it excludes zero");
    expect(meaning[1]).toBe("That is 100.0 % above the dense model's 4.0000.");
  });

  it("admits that a difference may be chance", () => {
    const { meaning } = at({ improvement: [{ sparsity: 0.2, baseline: "obs", relative: 0.2, interval: [-0.1, 0.3] }] });
    expect(meaning[0]).toBe(
      "The 95 % interval of the difference is 10.0 % worse to 30.0 % better: it includes zero, so this may be chance.",
    );
  });

  it("admits that a baseline is better", () => {
    const { finding } = at({ best: [model("trial 7", 0.2, 11)], improvement: [] });
    expect(finding).toContain("10.0 % worse than the best baseline (obs)");
  });

  it("does without baselines, dense model or plan", () => {
    expect(at({ baselines: [], dense: null }).finding).toBe("Found plan: 8.0000 perplexity.");
    expect(at({ best: [] }).finding).toContain("No plan was found");
    expect(at({ best: [model("trial 7", 0.2, null)] }).finding).toContain("infinite");
  });
});
