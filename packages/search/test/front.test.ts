import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontVolume, paretoFront } from "../src/index.js";

const dominates = (a: readonly number[], b: readonly number[]) =>
  a.every((value, k) => value <= b[k]) && a.some((value, k) => value < b[k]);

describe("the Pareto front", () => {
  it.each([2, 3])("holds every distinct point of %i objectives that nothing dominates, once", (objectives) => {
    const point = fc.array(fc.nat(6), { minLength: objectives, maxLength: objectives });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 25 }), (points) => {
        const front = paretoFront(points);
        const expected = points.filter((p) => !points.some((q) => dominates(q, p))).map(String);
        expect(front.map((i) => String(points[i])).sort()).toEqual([...new Set(expected)].sort());
        for (const i of front) expect(points.findIndex((p) => String(p) === String(points[i]))).toBe(i);
        expect(front.map((i) => points[i][0])).toEqual(front.map((i) => points[i][0]).sort((a, b) => a - b));
      }),
    );
  });

  it("leaves out points without a number and may be empty", () => {
    expect(paretoFront([])).toEqual([]);
    expect(
      paretoFront([
        [Number.NaN, 0],
        [1, Number.NaN],
        [3, 3],
      ]),
    ).toEqual([2]);
  });
});

describe("the front's volume", () => {
  it("is the area of a staircase", () => {
    expect(
      frontVolume(
        [
          [1, 3],
          [2, 1],
          [2, 2],
        ],
        [4, 4],
      ),
    ).toBe(3 * 1 + 2 * 2);
  });

  it("does not count points beyond the reference", () => {
    expect(
      frontVolume(
        [
          [1, 5],
          [5, 1],
          [4, 4],
        ],
        [4, 4],
      ),
    ).toBe(0);
    expect(frontVolume([], [1, 1])).toBe(0);
  });

  it("never shrinks when a point comes", () => {
    const point = fc.tuple(fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(fc.array(point, { maxLength: 15 }), point, (points, one) => {
        expect(frontVolume([...points, one], [15, 15])).toBeGreaterThanOrEqual(frontVolume(points, [15, 15]));
      }),
    );
  });

  it("refuses points of another number of objectives", () => {
    expect(() => frontVolume([[1, 2, 3]], [4, 4])).toThrow(/3 objectives, the reference point 2/);
  });
});
