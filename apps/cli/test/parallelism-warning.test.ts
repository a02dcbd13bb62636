import { describe, expect, it } from "vitest";
import { parallelismWarning } from "../src/output/parallelism-warning.js";

describe("the warning of too much parallelism", () => {
  it("says what it costs, how many workers cost little, and how many trials so many workers want", () => {
    expect(parallelismWarning(60, 64)).toBe(
      "Parallelism 64 for 60 trials (60 run at once): what runs at once does not know each other's results. Of the gain " +
        "of one worker such a search keeps about 50 %; with --parallelism 7 it keeps 86 %, and so it does with 64 at 512 " +
        "trials (docs/parallelism.md).",
    );
    expect(parallelismWarning(200, 50)).toMatch(/^Parallelism 50 for 200 trials: .* about 77 %; with --parallelism 25/);
  });

  it("is silent where more workers help", () => {
    for (const [trials, parallelism] of [
      [1, 1],
      [10, 2],
      [60, 4],
      [200, 25],
    ] as const) {
      expect(parallelismWarning(trials, parallelism)).toBeUndefined();
    }
  });
});
