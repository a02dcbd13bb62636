import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type History,
  nextPoint,
  type Params,
  proposeRound,
  ROUNDS_PARAMETER,
  roundsOf,
  type Schedule,
  type Trial,
  withRounds,
} from "../src/index.js";

const done = (number: number, params: Params, value: number): Trial => ({
  number,
  state: "complete",
  params,
  values: [value],
});
const history = (...trials: Trial[]): History => ({ directions: ["minimize"], trials });
const exchange = (rounds: string): Params => ({ x: 1, [ROUNDS_PARAMETER]: rounds });

describe("rounds of a point", () => {
  it("read what they write", () => {
    const round = fc.record({ share: fc.integer({ min: 1, max: 400 }).map((n) => n / 400), draw: fc.nat(999) });
    fc.assert(
      fc.property(fc.array(round, { minLength: 1, maxLength: 20 }), (rounds) => {
        const read = roundsOf(withRounds({ x: 1 }, rounds));
        expect(read.map(({ draw }) => draw)).toEqual(rounds.map(({ draw }) => draw));
        for (const [i, { share }] of read.entries()) expect(share).toBeCloseTo(rounds[i].share, 7);
      }),
    );
  });

  it.each(["", "8,4", "0", "101", "8@0", "-1", "8@x"])("refuse %j", (text) => {
    expect(() => roundsOf(exchange(text))).toThrow(/percentages such as/);
  });

  it("are none for a point of the space", () => {
    expect(roundsOf({ x: 1 })).toEqual([]);
    expect(withRounds(exchange("8"), [])).toEqual({ x: 1 });
  });
});

describe("the next round", () => {
  it("goes on from the best trial with the best moves", () => {
    expect(proposeRound(history(done(0, { x: 2 }, 3), done(1, { x: 1 }, 2)), 2)).toEqual(exchange("10"));
  });

  it("repeats a size that helped", () => {
    const trials = history(done(0, { x: 1 }, 3), done(1, exchange("10"), 2));
    expect(proposeRound(trials, 2)).toEqual(exchange("10 10"));
  });

  it("tries draws of a size that did not help, then draws of half of it, and counts running trials as tries", () => {
    const tries = ["10", "10@2", "10@3"].map((text, i) => done(1 + i, exchange(text), 4));
    const running: Trial = { number: 4, state: "running", params: exchange("10@4") };
    expect(proposeRound(history(done(0, { x: 1 }, 3), ...tries), 4)).toEqual(exchange("10@4"));
    expect(proposeRound(history(done(0, { x: 1 }, 3), ...tries, running), 5)).toEqual(exchange("5@5"));
  });

  it("begins anew after the smallest size", () => {
    const shares = Array.from({ length: 22 }, (_, tried) => {
      const tries = Array.from({ length: tried }, (__, i) => done(1 + i, exchange(`10@${i + 1}`), 4));
      const next = proposeRound(history(done(0, { x: 1 }, 3), ...tries), tried + 1);
      return roundsOf(next ?? {})[0].share;
    });
    expect([...new Set(shares)]).toEqual([0.1, 0.05, 0.025, 0.0125, 0.00625, 0.003125]);
    expect(shares.slice(18)).toEqual([0.003125, 0.1, 0.1, 0.1]);
  });

  it("needs a finite result", () => {
    const failed: Trial = { number: 0, state: "failed", params: { x: 1 } };
    expect(proposeRound(history(failed, done(1, { x: 1 }, Number.POSITIVE_INFINITY)), 2)).toBeUndefined();
  });
});

describe("the schedule", () => {
  const schedule: Schedule = {
    space: [{ name: "x", type: "float", low: 0, high: 1 }],
    starts: [{ x: 0.5 }],
    given: [{ params: { x: 0.25 }, score: 1 }],
    sampler: "tpe",
    trials: 10,
    refinement: 0.4,
    seed: 0,
  };
  const origins = (changes: Partial<Schedule> = {}): string[] => {
    const trials: Trial[] = [];
    for (let n = 0; n < 10; n++) {
      const { params, origin } = nextPoint({ ...schedule, ...changes }, trials, n);
      trials.push({ ...done(n, params, 2 + n), ...{ origin } });
    }
    return trials.map((trial) => (trial as Trial & { origin: string }).origin);
  };

  it("takes the starts, then the sampler's proposals, then refines", () => {
    const searched = Array.from({ length: 5 }, () => "sampler");
    expect(origins()).toEqual(["start", ...searched, ...Array.from({ length: 4 }, () => "refinement")]);
    expect(origins({ refinement: 0 })).not.toContain("refinement");
    expect(origins({ refinement: 1 })).toEqual(Array.from({ length: 10 }, () => "refinement"));
  });

  it("refines a baseline where no trial is better", () => {
    const { params } = nextPoint(schedule, [done(0, { x: 0.5 }, 2)], 6);
    expect(params).toEqual({ x: 0.25, [ROUNDS_PARAMETER]: "10" });
  });

  it("does not tell the sampler what refined plans scored", () => {
    const trials = Array.from({ length: 12 }, (_, n) => done(n, { x: n / 12 }, n));
    const refined = done(12, { x: 0.9, [ROUNDS_PARAMETER]: "10" }, -5);
    const late = { ...schedule, trials: 100, refinement: 0 };
    expect(nextPoint(late, [...trials, refined], 13)).toEqual(nextPoint(late, trials, 13));
  });

  it("goes on sampling while nothing can be refined", () => {
    const failed: Trial = { number: 0, state: "failed", params: { x: 0.5 } };
    expect(nextPoint({ ...schedule, given: [], starts: [] }, [failed], 6).origin).toBe("sampler");
  });
});
