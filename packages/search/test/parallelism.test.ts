import { readFileSync } from "node:fs";
import { gainKept, parallelismAdvice } from "@espalier/search";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

interface Line {
  readonly objective: string;
  readonly trials: number;
  readonly workers: number;
  readonly start: number;
  readonly best: number;
}

const results = new URL("../../../bench/results/search-parallel.jsonl", import.meta.url);
const lines = readFileSync(results, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Line)
  .filter(({ objective }) => objective === "stories3M");

describe("the gain that parallel searches keep", () => {
  it("is what the stored simulation found, to an eighth", () => {
    const alone = new Map(lines.filter(({ workers }) => workers === 1).map((line) => [line.trials, line]));
    expect(lines.length).toBeGreaterThan(20);
    for (const { trials, workers, start, best } of lines) {
      const one = alone.get(trials);
      if (one === undefined || workers > trials) continue;
      const kept = (start - best) / (start - one.best);
      expect(Math.abs(gainKept(trials, workers) - kept), `${workers} workers, ${trials} trials`).toBeLessThan(0.125);
    }
  });

  it("never rises with the workers and never falls with the trials", () => {
    const count = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(count, count, count, (trials, workers, more) => {
        const kept = gainKept(trials, workers);
        expect(kept).toBeGreaterThan(0);
        expect(kept).toBeLessThanOrEqual(1);
        expect(gainKept(trials, workers + more)).toBeLessThanOrEqual(kept);
        expect(gainKept(trials + more, workers)).toBeGreaterThanOrEqual(kept);
      }),
    );
  });
});

describe("advice on parallelism", () => {
  it("is given from an eighth of the trials on, and for no two workers", () => {
    expect(parallelismAdvice(60, 7)).toBeUndefined();
    expect(parallelismAdvice(60, 8)).toMatchObject({ workers: 8, worthwhile: 7, trialsWanted: 64 });
    expect(parallelismAdvice(5, 2)).toBeUndefined();
    expect(parallelismAdvice(1_000_000, 256)).toBeUndefined();
  });

  it("counts no more workers than there are trials", () => {
    expect(parallelismAdvice(60, 256)).toEqual({
      workers: 60,
      kept: 0.5,
      worthwhile: 7,
      keptThen: expect.closeTo(0.86, 1),
      trialsWanted: 2048,
    });
  });
});
