import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addProduct,
  choleskyInPlace,
  complement,
  inverseSpd,
  NotPositiveDefiniteError,
  solveRowsInPlace,
  submatrix,
} from "../src/linear-algebra/index.js";

const number = fc.double({ min: -2, max: 2, noNaN: true });

/** A = B·Bᵀ + I, which is positive definite for every B; sizes of several blocks and a rest. */
const spd = fc.integer({ min: 1, max: 27 }).chain((n) =>
  fc.array(number, { minLength: n * n, maxLength: n * n }).map((b) => {
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        a[i * n + j] = i === j ? 1 : 0;
        for (let k = 0; k < n; k++) a[i * n + j] += b[i * n + k] * b[j * n + k];
      }
    }
    return { n, a };
  }),
);

function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const c = new Float64Array((a.length / n) * (b.length / n));
  addProduct(c, a, b, { m: a.length / n, k: n, n: b.length / n }, 1);
  return c;
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i])), 0);
}

describe("cholesky", () => {
  it("gives L with L·Lᵀ = A and zeros above the diagonal", () => {
    fc.assert(
      fc.property(spd, ({ n, a }) => {
        const l = a.slice();
        choleskyInPlace(l, n);
        const lt = new Float64Array(n * n);
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) lt[j * n + i] = l[i * n + j];
        expect(largestDifference(times(l, lt, n), a)).toBeLessThan(1e-11);
        for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(l[i * n + j]).toBe(0);
      }),
    );
  });

  it("names the pivot of a matrix that is not positive definite", () => {
    const singular = Float64Array.of(1, 1, 1, 1);
    expect(() => choleskyInPlace(singular, 2)).toThrow(NotPositiveDefiniteError);
    expect(() => choleskyInPlace(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2)).toThrow("pivot 1 is NaN");
    expect(() => choleskyInPlace(new Float64Array(3), 2)).toThrow("expected a 2×2 matrix");
  });
});

describe("solveRowsInPlace and inverseSpd", () => {
  it("undo a multiplication by the matrix", () => {
    fc.assert(
      fc.property(spd, fc.integer({ min: 1, max: 4 }), ({ n, a }, rows) => {
        const x = Float64Array.from({ length: rows * n }, (_, i) => Math.sin(i + 1));
        const b = times(x, a, n);
        const l = a.slice();
        choleskyInPlace(l, n);
        const solved = b.slice();
        solveRowsInPlace(l, n, solved, rows);
        expect(largestDifference(solved, x)).toBeLessThan(1e-8);
        const inverse = inverseSpd(a, n);
        expect(largestDifference(times(b, inverse, n), x)).toBeLessThan(1e-8);
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(inverse[i * n + j]).toBe(inverse[j * n + i]);
      }),
    );
  });
});

describe("index sets", () => {
  it("take rows and columns, and what is left", () => {
    const a = Float32Array.of(0, 1, 2, 3, 4, 5);
    expect([...submatrix(a, 3, [1, 0], [2, 0])]).toEqual([5, 3, 2, 0]);
    expect([...complement(Int32Array.of(1, 3), 5)]).toEqual([0, 2, 4]);
  });
});
