import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isHopeless } from "../src/racing/is-hopeless.js";
import { raceOrder } from "../src/racing/race-order.js";
import { signedRankTail } from "../src/racing/signed-rank.js";
import { streamRng } from "../src/random/stream.js";

interface Golden {
  readonly cases: readonly { readonly name: string; readonly differences: readonly number[]; readonly p: number }[];
}

/** scipy.stats.wilcoxon, alternative "greater", zero_method "wilcox"; ties and zeros by the permutation distribution. */
const golden = JSON.parse(readFileSync(new URL("golden/signed-rank.json", import.meta.url), "utf8")) as Golden;

/** Bell-shaped number of mean 0 and standard deviation 1. */
const bell = (next: () => number): number => 2 * (next() + next() + next() - 1.5);

describe("the signed-rank test", () => {
  it.each(golden.cases)("gives scipy's p-value: $name", ({ differences, p }) => {
    expect(signedRankTail(Float64Array.from(differences))).toBeCloseTo(p, 12);
  });

  it("says nothing about no differences, and the most about all positive ones", () => {
    expect(signedRankTail(new Float64Array(9))).toBe(1);
    expect(signedRankTail(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toBe(1 / 256);
    expect(() => signedRankTail(Float64Array.of(1, Number.NaN))).toThrow("difference 1 is NaN");
  });

  it("depends on neither the order nor the scale of the differences", () => {
    const differences = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(differences, fc.integer({ min: 1, max: 9 }), (values, scale) => {
        const other = Float64Array.from(values.map((value) => value * scale)).reverse();
        expect(signedRankTail(other)).toBe(signedRankTail(Float64Array.from(values)));
      }),
      { numRuns: 100 },
    );
  });
});

describe("the order of a race", () => {
  it("visits every window once, the same way for every trial of a job, another for another seed", () => {
    const order = raceOrder([40, 7], 5);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 47 }, (_, i) => i));
    expect(raceOrder([40, 7], 5)).toEqual(order);
    expect(raceOrder([40, 7], 6)).not.toEqual(order);
  });

  it("mixes the sources evenly, so that every beginning resembles the whole", () => {
    const order = raceOrder([80, 20], 1);
    for (const seen of [10, 25, 50, 75]) {
      const ofSecond = order.slice(0, seen).filter((window) => window >= 80).length;
      expect(Math.abs(ofSecond - seen / 5)).toBeLessThanOrEqual(1);
    }
  });
});

describe("stopping a race", () => {
  it("takes a number of windows first, and stops nothing that was seen whole", () => {
    const worse = new Float64Array(64).fill(1).map((one, i) => one + i / 64);
    expect(isHopeless(worse.slice(0, 8), 64)).toBe(false);
    expect(isHopeless(worse.slice(0, 16), 64)).toBe(true);
    expect(isHopeless(worse, 64)).toBe(false);
  });

  it("never stops what is better in sum, however many windows are worse", () => {
    const differences = new Float64Array(32).fill(1).map((one, i) => one + i / 32);
    differences[31] = -100;
    expect(isHopeless(differences, 64)).toBe(false);
  });

  it("rarely stops a trial that is better by one standard error, and mostly one that is worse by four", () => {
    const windows = 120;
    const races = 300;
    const stopped = (shift: number): number => {
      let count = 0;
      for (let race = 0; race < races; race++) {
        const rng = streamRng(1, race);
        const noise = Float64Array.from({ length: windows }, () => bell(() => rng.next()));
        const mean = noise.reduce((sum, value) => sum + value, 0) / windows;
        const all = noise.map((value) => value - mean + shift / Math.sqrt(windows));
        const looks = Array.from({ length: windows / 8 - 1 }, (_, look) => 8 * (look + 1));
        if (looks.some((seen) => isHopeless(all.slice(0, seen), windows))) count++;
      }
      return count / races;
    };
    expect(stopped(-1)).toBeLessThan(0.05);
    expect(stopped(4)).toBeGreaterThan(0.9);
  });
});
