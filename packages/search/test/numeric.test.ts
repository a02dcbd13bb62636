import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { erfc, erfcx } from "../src/numeric/erf.js";
import { logSumExp } from "../src/numeric/log-sum-exp.js";
import { logAddExp, logGaussMass, logNdtr } from "../src/numeric/normal.js";
import { stableArgsort } from "../src/numeric/stable-argsort.js";
import { inverseLogNdtr, truncatedNormalQuantile } from "../src/numeric/truncated-normal.js";
import { xoshiro128 } from "../src/random/xoshiro.js";

const relativeError = (found: number, expected: number): number => Math.abs(found / expected - 1);

describe("the normal distribution in log space", () => {
  it("has the tabulated values of erfc", () => {
    // Abramowitz and Stegun, tables 7.1 and 7.3; the last from the asymptotic series.
    expect(relativeError(erfc(0.5), 0.4795001221869535)).toBeLessThan(1e-15);
    expect(relativeError(erfc(-2), 1.9953222650189528)).toBeLessThan(1e-15);
    expect(relativeError(erfc(3), 2.209049699858544e-5)).toBeLessThan(1e-14);
    expect(relativeError(erfcx(30), 0.018795888861416751)).toBeLessThan(1e-14);
  });

  it("log cdf agrees with known values in the centre and the far tail", () => {
    expect(logNdtr(0)).toBeCloseTo(-Math.LN2, 15);
    expect(logNdtr(1.959963984540054)).toBeCloseTo(Math.log(0.975), 14);
    expect(relativeError(logNdtr(-40), -804.6084420137538)).toBeLessThan(1e-13);
  });

  it("masses add up to the mass of the whole interval", () => {
    const cut = fc.double({ noNaN: true, min: -12, max: 12 });
    fc.assert(
      fc.property(cut, cut, cut, (x, y, z) => {
        const [a, b, c] = [x, y, z].sort((p, q) => p - q);
        const whole = logGaussMass(a, c);
        const parts = logAddExp(logGaussMass(a, b), logGaussMass(b, c));
        return whole === parts || Math.abs(whole - parts) <= 1e-9 * Math.max(1, Math.abs(whole));
      }),
    );
  });

  it("is symmetric and has mass 1 on the whole line", () => {
    expect(logGaussMass(-Infinity, Infinity)).toBe(0);
    expect(logGaussMass(2, 3)).toBe(logGaussMass(-3, -2));
    expect(logGaussMass(1, 1)).toBe(-Infinity);
  });

  it("the inverse undoes the cdf", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -60, max: 0 }),
        (z) => Math.abs(inverseLogNdtr(logNdtr(z)) - z) <= 1e-12 * (1 + Math.abs(z)),
      ),
    );
  });

  it("quantiles are monotonic and inside the interval", () => {
    const end = fc.double({ noNaN: true, min: -40, max: 40 });
    const quantile = fc.double({ noNaN: true, min: 0, max: 1 });
    fc.assert(
      fc.property(end, end, quantile, quantile, (x, y, p, q) => {
        const [a, b] = [Math.min(x, y), Math.max(x, y)];
        const low = truncatedNormalQuantile(Math.min(p, q), a, b);
        const high = truncatedNormalQuantile(Math.max(p, q), a, b);
        return low >= a && high <= b && high - low >= -1e-9 * (b - a);
      }),
    );
  });
});

describe("kernels of sums and sorting", () => {
  it("sums in log space, NaN included", () => {
    expect(logSumExp(Float64Array.of(Math.log(2), -Infinity, Math.log(3)))).toBeCloseTo(Math.log(5), 15);
    expect(logSumExp(Float64Array.of(-Infinity))).toBe(-Infinity);
    expect(logSumExp(Float64Array.of(0, Number.NaN))).toBeNaN();
    expect(logSumExp(Float64Array.of(Number.NaN))).toBeNaN();
  });

  it("sorts keys that crowd on a millionth of their range", () => {
    const rng = xoshiro128(Uint32Array.of(1, 2, 3, 4));
    const values = Float64Array.from({ length: 500 }, (_, i) => (i === 250 ? 1 : 1e-8 * rng.next()));
    const expected = [...values.keys()].sort((i, j) => values[i] - values[j]);
    expect(Array.from(stableArgsort(values, values.length))).toEqual(expected);
  });

  it("sorts like the language's stable sort, for even, crowded and equal keys", () => {
    const keys = fc.oneof(
      fc.double({ noNaN: true, min: -5, max: 5 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(-Infinity, Infinity, 1e-9, 2e-9),
    );
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 400 }), (list) => {
        const values = Float64Array.from(list);
        const expected = list
          .map((_, i) => i)
          .sort((i, j) => (values[i] < values[j] ? -1 : values[i] > values[j] ? 1 : i - j));
        expect(Array.from(stableArgsort(values, list.length))).toEqual(expected);
      }),
    );
  });
});
