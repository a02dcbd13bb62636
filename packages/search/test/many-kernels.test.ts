import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logGaussMass } from "../src/numeric/normal.js";
import { streamRng } from "../src/random/stream.js";
import { tpeOptions } from "../src/samplers/tpe/options.js";
import { neighbourWidths } from "../src/samplers/tpe/parzen/neighbour-widths.js";
import { parzenEstimator } from "../src/samplers/tpe/parzen/parzen-estimator.js";
import { uniformDraw } from "../src/samplers/uniform-draw.js";
import { axisRange, toAxis } from "../src/space/axis.js";
import type { Dimension } from "../src/space/dimension.js";
import { defineSpace } from "../src/space/space.js";

const RANGE = { low: -1, high: 3, width: 4 };

/** Widths by the rule itself: everything sorted, each gap looked at. */
function plainWidths(mus: readonly number[], least: number, endpoints: boolean, priorNeighbour: boolean): number[] {
  const order = [...mus.keys()].sort((a, b) => mus[a] - mus[b] || a - b);
  const widths: number[] = [];
  order.forEach((index, k) => {
    const [before, after] = [order[k - 1], order[k + 1]];
    let left = before === undefined ? RANGE.low : mus[before];
    let right = after === undefined ? RANGE.high : mus[after];
    if (priorNeighbour && left < 1 && 1 <= mus[index]) left = 1;
    if (priorNeighbour && mus[index] < 1 && 1 < right) right = 1;
    const gapLeft = before === undefined && !endpoints && left === RANGE.low ? 0 : mus[index] - left;
    const gapRight = after === undefined && !endpoints && right === RANGE.high ? 0 : right - mus[index];
    widths[index] = Math.min(Math.max(gapLeft, gapRight, least), RANGE.width);
  });
  return widths;
}

describe("widths of many kernels", () => {
  it("are those of sorting all centres, wherever they crowd", () => {
    const place = fc.oneof(
      fc.double({ noNaN: true, min: -1, max: 3 }),
      fc.double({ noNaN: true, min: 0.4, max: 0.6 }),
      fc.constantFrom(-1, 3, 1, 0.5),
    );
    const centres = fc.array(place, { minLength: 64, maxLength: 400 });
    const least = fc.constantFrom(0.001, 0.04, 0.14, 0.9, 5);
    fc.assert(
      fc.property(centres, least, fc.boolean(), fc.boolean(), (mus, smallest, endpoints, priorNeighbour) => {
        const found = new Float64Array(mus.length);
        const rule = { endpoints, priorNeighbour };
        neighbourWidths(Float64Array.from(mus), mus.length, RANGE, smallest, rule, found);
        expect(Array.from(found)).toEqual(plainWidths(mus, smallest, endpoints, priorNeighbour));
      }),
      { numRuns: 60 },
    );
  });

  it("are exact for centres outside the range", () => {
    const mus = Float64Array.from({ length: 80 }, (_, i) => (i - 20) * 0.07);
    const found = new Float64Array(80);
    neighbourWidths(mus, 80, RANGE, 0.01, { endpoints: true, priorNeighbour: false }, found);
    expect(Array.from(found)).toEqual(plainWidths(Array.from(mus), 0.01, true, false));
  });
});

const { dimensions } = defineSpace([
  { name: "x", type: "float", low: 0, high: 1 },
  { name: "choice", type: "categorical", choices: ["a", "b", "c"] },
  { name: "rate", type: "float", low: 1e-4, high: 1, log: true },
  { name: "count", type: "int", low: 1, high: 12 },
  { name: "y", type: "float", low: -2, high: 2 },
]);

/** Log density of one kernel of one dimension at an internal value, by its definition. */
function plainLog(
  dimension: Dimension,
  kernel: { mu: number; sigma: number } | { probabilities: Float64Array },
  value: number,
): number {
  if ("probabilities" in kernel) return Math.log(kernel.probabilities[value]);
  if (dimension.kind === "categorical") throw new TypeError("a choice has no centre");
  const { mu, sigma } = kernel;
  const { low, high } = axisRange(dimension);
  const whole = logGaussMass((low - mu) / sigma, (high - mu) / sigma);
  if (dimension.step !== null) return logGaussMass((value - 0.5 - mu) / sigma, (value + 0.5 - mu) / sigma) - whole;
  const z = (toAxis(value, dimension) - mu) / sigma;
  return -0.5 * z * z - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI) - whole;
}

describe("density of many kernels", () => {
  const rng = streamRng(5, 0);
  const draws = (count: number): Float64Array[] =>
    dimensions.map((dimension) => Float64Array.from({ length: count }, () => uniformDraw(dimension, rng)));

  it.each(["espalier", "optuna5", "optuna49Multivariate"] as const)("is the sum over all of them (%s)", (preset) => {
    const estimator = parzenEstimator(dimensions, draws(300), tpeOptions({}, preset));
    const points = draws(10);
    const shapes = estimator.describe();
    const found = estimator.logDensity(points, 10);
    for (let i = 0; i < 10; i++) {
      let sum = 0;
      estimator.weights.forEach((weight, k) => {
        const logs = dimensions.map((dimension, d) => {
          const shape = shapes[d];
          const kernel =
            "mus" in shape ? { mu: shape.mus[k], sigma: shape.sigmas[k] } : { probabilities: shape.probabilities[k] };
          return plainLog(dimension, kernel, points[d][i]);
        });
        sum += weight * Math.exp(logs.reduce((total, log) => total + log, 0));
      });
      expect(Math.abs(found[i] - Math.log(sum))).toBeLessThan(1e-11);
    }
  });

  it("does not depend on which points are asked for together", () => {
    const estimator = parzenEstimator(dimensions, draws(300), tpeOptions());
    const points = draws(9);
    const together = estimator.logDensity(points, 9);
    for (let i = 0; i < 9; i++) {
      const alone = estimator.logDensity(
        points.map((column) => column.slice(i, i + 1)),
        1,
      );
      expect(alone[0]).toBe(together[i]);
    }
  });
});
