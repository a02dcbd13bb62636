import type { ComparisonView, EvaluatedModel, SplitOverlap } from "@espalier/contracts";
import { describe, expect, it } from "vitest";
import { comparisonTable } from "../src/output/comparison-table.js";

const model = (name: string, report: number, more: Partial<EvaluatedModel> = {}): EvaluatedModel => ({
  name,
  sparsity: 0.2,
  achieved_sparsity: 0.2,
  parameters: 1000,
  scoring_perplexity: report,
  report_perplexity: report,
  compensation: "none",
  allocation: null,
  trial_number: null,
  ...more,
});

const overlap: SplitOverlap = {
  ...{ split: "report", other: "scoring", n: 13, share: 0.5, warning: null },
  ...{ windows_touched: 9, windows_repeated: 8, windows: 16 },
};

const comparison: ComparisonView = {
  state: "succeeded",
  dense: model("dense", 5, { sparsity: 0 }),
  baselines: [model("obs", 9), model("obs+least_squares", 7, { compensation: "least_squares" })],
  best: [model("trial 3", 6.5, { trial_number: 3, compensation: "least_squares" })],
  improvement: [{ sparsity: 0.2, baseline: "obs+least_squares", relative: 0.071, interval: [0.05, 0.09] }],
  contamination: [{ ...overlap, split: "scoring", other: "calibration" }, overlap],
};

describe("the comparison table", () => {
  it("lists every baseline with and without compensation, best first, with its report perplexity", () => {
    const rows = comparisonTable(comparison)
      .split("\n")
      .filter((line) => /obs|trial|dense/.test(line) && line.startsWith("│"));
    expect(
      rows.map((row) => row.split("│").map((cell) => cell.trim())).map((cells) => [cells[1], cells[3], cells[6]]),
    ).toEqual([
      ["dense", "none", "5.0000"],
      ["trial 3 ◀ found", "least_squares", "6.5000"],
      ["obs+least_squares", "least_squares", "7.0000"],
      ["obs", "none", "9.0000"],
    ]);
  });

  it("says by how much the found plan is better, and what the report text repeats", () => {
    const [gain, texts, ...rest] = comparisonTable(comparison).split("\n").slice(-2);
    expect(gain).toContain("better than the best baseline (obs+least_squares) by 7.1 % [5.0 %, 9.0 %]");
    expect(texts).toContain("50.0 % of the 13-grams of the report text also occur in the scoring text");
    expect(rest).toEqual([]);
  });

  it("puts zero-shot tasks of dense and found models side by side, with standard errors", () => {
    const tasks = (value: number) => ({
      tasks: [
        {
          ...{ task: "arc_easy", file: "arc_easy.jsonl", items: 50, protocol: "p" },
          metrics: [{ name: "acc" as const, value, stderr: 0.0712 }],
        },
      ],
    });
    const [found] = comparison.best;
    const evaluated = { ...comparison, dense: model("dense", 5, tasks(0.5)), best: [{ ...found, ...tasks(0.4) }] };
    const row = comparisonTable(evaluated)
      .split("\n")
      .find((line) => line.includes("arc_easy"));
    expect(row?.split("│").map((cell) => cell.trim())).toEqual([
      "",
      "arc_easy, acc",
      "50",
      "0.5000 ± 0.071",
      "0.4000 ± 0.071",
      "",
    ]);
  });

  it("ends with the warning when the report text repeats another one too much", () => {
    const warned = { ...comparison, contamination: [{ ...overlap, warning: "8 of 16 report windows." }] };
    expect(comparisonTable(warned).split("\n").at(-1)).toBe("Warning: 8 of 16 report windows.");
  });
});
