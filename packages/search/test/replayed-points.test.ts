import { describe, expect, it } from "vitest";
import { nextPoint, type Params, ROUNDS_PARAMETER, replayedPoints, type Schedule, type Trial } from "../src/index.js";

const done = (number: number, params: Params, value: number): Trial => ({
  number,
  state: "complete",
  params,
  values: [value],
});
const refined = (x: number, rounds: string): Params => ({ x, [ROUNDS_PARAMETER]: rounds });

describe("a refined plan of another search", () => {
  it("is tried on each point, whole, then its first half", () => {
    const points = replayedPoints(refined(9, "10 10 5@37"), [{ x: 1 }, { x: 2 }]);
    expect(points).toEqual([1, 2].flatMap((x) => [refined(x, "10 10 5@37"), refined(x, "10 10")]));
    expect(replayedPoints(refined(9, "10"), [{ x: 1 }])).toEqual([refined(1, "10")]);
    expect(replayedPoints({ x: 9 }, [{ x: 1 }])).toEqual([]);
  });
});

describe("a search with refined starts", () => {
  const whole = refined(0.25, "10 5@37");
  const schedule: Schedule = {
    space: [{ name: "x", type: "float", low: 0, high: 1 }],
    starts: [{ x: 0.5 }, whole, refined(0.25, "10"), { x: 0.75 }],
    given: [],
    sampler: "tpe",
    trials: 20,
    refinement: 0.5,
    seed: 0,
  };
  const own = done(0, { x: 0.5 }, 5);

  it("tries them after its own first start, as refinement", () => {
    expect(nextPoint(schedule, [own], 1)).toEqual({ params: whole, origin: "refinement" });
  });

  it("tries the next start while one that replays is not the best", () => {
    expect(nextPoint(schedule, [own, done(1, whole, 6)], 2)).toEqual({
      params: refined(0.25, "10"),
      origin: "refinement",
    });
    const running: Trial = { number: 1, state: "running", params: whole };
    expect(nextPoint(schedule, [own, running], 2).params).toEqual(refined(0.25, "10"));
    const failed = [own, done(1, whole, 6), done(2, refined(0.25, "10"), 7)];
    expect(nextPoint(schedule, failed, 3)).toEqual({ params: { x: 0.75 }, origin: "start" });
    expect(nextPoint(schedule, [...failed, done(3, { x: 0.75 }, 8)], 4).origin).toBe("sampler");
  });

  it("refines at once where one is the best, with large moves first, then as its own rounds help", () => {
    const { params, origin } = nextPoint(schedule, [own, done(1, whole, 4)], 2);
    expect({ params, origin }).toEqual({ params: refined(0.25, "10 5@37 10"), origin: "refinement" });
    const smaller = refined(0.25, "10 5@37 2.5@6");
    expect(nextPoint(schedule, [own, done(1, whole, 4), done(2, smaller, 3)], 7).params).toEqual(
      refined(0.25, "10 5@37 2.5@6 2.5"),
    );
  });

  it("does not tell the sampler what they scored", () => {
    const trials = Array.from({ length: 5 }, (_, n) => done(n, { x: n / 12 }, n + 1));
    const replayed = done(5, whole, 9);
    expect(nextPoint(schedule, [...trials, replayed], 6)).toEqual(nextPoint(schedule, trials, 6));
  });
});
