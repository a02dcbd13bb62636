import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  endingsOf,
  type History,
  type Race,
  racesOf,
  racingSentence,
  readByStopped,
} from "../src/pages/job/racing/racing-data.js";
import { mostBehind, raceTable } from "../src/pages/job/racing/racing-option.js";

type Trial = History["trials"][number];

const trial = (number: number, change: Partial<Trial>): Trial => ({
  number,
  state: "completed",
  origin: "sampler",
  score: null,
  best_score: 2,
  rival: 0,
  partial_score: null,
  scored_share: 1,
  perplexities: [],
  ...change,
});

const history: History = {
  trials: [
    trial(0, { score: 2, rival: null }),
    trial(1, { state: "pruned", partial_score: 2 + Math.log(1.1), scored_share: 0.2 }),
    trial(2, { state: "failed", scored_share: null }),
    trial(3, { score: 2 + Math.log(0.9), best_score: 2 + Math.log(0.9) }),
  ],
  baselines: [],
  total: 4,
  thinned: false,
};

const race = (share: number, isStopped = true): Race => ({ number: 1, isStopped, share, rival: 0, behind: 0.1 });

const counts = (completed: number, pruned: number, tokens_saved: number) => ({
  budget: 100,
  completed,
  pruned,
  failed: 0,
  infeasible: 0,
  running: 0,
  tokens_saved,
});

describe("races", () => {
  it("are measured by the best trial before; the first has none, and a failed one no place", () => {
    const races = racesOf(history);
    expect(races.map(({ number, isStopped }) => [number, isStopped])).toEqual([
      [0, false],
      [1, true],
      [3, false],
    ]);
    expect(races.map(({ behind }) => behind && Number(behind.toFixed(9)))).toEqual([null, 0.1, -0.1]);
    expect(raceTable(races).rows[0]).toEqual([0, null, "no", 1, null]);
  });

  it("end in the tenth of the text up to which was read", () => {
    const counted = (shares: readonly number[]) =>
      endingsOf(shares.map((share) => race(share))).map(({ count }) => count);
    expect(counted([0.05, 0.1, 0.11, 0.3, 1])).toEqual([2, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
    expect(endingsOf([race(1, false)]).every(({ count }) => count === 0)).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true })), (shares) => {
        expect(counted(shares).reduce((sum, count) => sum + count, 0)).toBe(shares.length);
      }),
    );
  });

  it("are drawn without the few that lie far behind", () => {
    const races = Array.from({ length: 100 }, (_, n): Race => ({ ...race(1), behind: n === 99 ? 50 : n / 1000 }));
    expect(mostBehind(races)).toBeLessThan(0.1);
    expect(mostBehind([])).toBe(0.01);
  });

  it("are told in a sentence with what a stopped trial read", () => {
    expect(readByStopped(counts(20, 80, 0.64))).toBeCloseTo(0.2);
    expect(racingSentence(counts(20, 80, 0.64))).toBe(
      "80 of 100 trials clearly lost and were stopped, after 20.0 % of the text on average.",
    );
    expect(racingSentence(counts(20, 0, 0))).toContain("None of the 20 trials");
    expect(racingSentence(counts(0, 0, 0))).toBe("No trial has raced yet.");
  });
});
