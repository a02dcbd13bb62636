import { BLOCK, dotRange, type Panel, subtractRowProducts } from "./panel.js";

/** A matrix that should be symmetric positive definite is not; `pivot` is the row where it shows. */
export class NotPositiveDefiniteError extends Error {
  override readonly name = "NotPositiveDefiniteError";

  constructor(
    readonly pivot: number,
    readonly value: number,
    readonly size: number,
  ) {
    super(
      `a ${size}×${size} matrix is not positive definite: pivot ${pivot} is ${value}. ` +
        "A Gram matrix of few samples needs a larger ridge.",
    );
  }
}

/**
 * Lower Cholesky factor L of a symmetric positive definite A [n, n] row-major, A = L·Lᵀ, in place: on return the lower
 * triangle holds L and the upper one zeros. Reads only the lower triangle.
 * By blocks of columns, from the left: what earlier columns take from a block is one product of panels.
 * Throws NotPositiveDefiniteError.
 */
export function choleskyInPlace(a: Float64Array, n: number): void {
  assertSquare(a, n);
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(start + BLOCK, n);
    const panel = (at: number): Panel => ({ data: a, at, stride: n });
    const rows = panel(start * n);
    subtractRowProducts(panel(start * n + start), rows, rows, { m: n - start, n: end - start, k: start });
    for (let i = start; i < n; i++) factorRow(a, n, i, start, end);
  }
  for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
}

/** Row i in the block of columns `from` to `to` (excluded), up to the diagonal; earlier columns are taken off. */
function factorRow(a: Float64Array, n: number, i: number, from: number, to: number): void {
  const row = i * n;
  for (let j = from; j < Math.min(i, to); j++) {
    a[row + j] = (a[row + j] - dotRange(a, row + from, a, j * n + from, j - from)) / a[j * n + j];
  }
  if (i >= to) return;
  const pivot = a[row + i] - dotRange(a, row + from, a, row + from, i - from);
  if (!(pivot > 0 && pivot < Infinity)) throw new NotPositiveDefiniteError(i, pivot, n);
  a[row + i] = Math.sqrt(pivot);
}

/** Refuses an array that is no [n, n] matrix (RangeError). */
export function assertSquare(a: ArrayLike<number>, n: number): void {
  if (a.length !== n * n) throw new RangeError(`expected a ${n}×${n} matrix (${n * n} numbers), got ${a.length}`);
}
