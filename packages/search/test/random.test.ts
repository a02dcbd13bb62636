import { describe, expect, it } from "vitest";
import { streamRng, xoshiro128 } from "../src/index.js";

describe("random streams", () => {
  it("xoshiro128** gives the words of its definition, paired to 53 bits", () => {
    // State 1, 2, 3, 4 by hand: the first words are 11520, 0, 5927040 and 70819200.
    const rng = xoshiro128(Uint32Array.of(1, 2, 3, 4));
    const pair = (a: number, b: number): number => ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53;
    expect(rng.next()).toBe(pair(11520, 0));
    expect(rng.next()).toBe(pair(5927040, 70819200));
  });

  it("repeats a stream for the same seed and trial and shares nothing between neighbours", () => {
    const draw = (seed: number, trial: number): string => {
      const rng = streamRng(seed, trial);
      return [rng.next(), rng.next(), rng.next()].join();
    };
    expect(draw(1, 2)).toBe(draw(1, 2));
    const all = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].flatMap((seed) =>
      Array.from({ length: 200 }, (_, trial) => draw(seed, trial)),
    );
    expect(new Set(all).size).toBe(all.length);
  });

  it("is uniform within and across streams", () => {
    const within = streamRng(42, 0);
    const samples = [
      Array.from({ length: 20_000 }, () => within.next()),
      Array.from({ length: 20_000 }, (_, trial) => streamRng(42, trial).next()),
    ];
    for (const values of samples) {
      const bins = new Array<number>(20).fill(0);
      for (const v of values) bins[Math.floor(v * 20)]++;
      const chiSquare = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
      expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, p = 0.001
      expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
    }
  });

  it("refuses what cannot be a seed", () => {
    expect(() => streamRng(0.5, 0)).toThrow(RangeError);
    expect(() => streamRng(0, -1)).toThrow(RangeError);
    expect(() => xoshiro128(new Uint32Array(4))).toThrow(RangeError);
  });
});
