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
 * Row-oriented (Cholesky–Banachiewicz): every inner loop is a dot product of two contiguous rows.
 * Throws NotPositiveDefiniteError.
 */
export function choleskyInPlace(a: Float64Array, n: number): void {
  assertSquare(a, n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      a[row + j] = (a[row + j] - dotRange(a, row, a, j * n, j)) / a[j * n + j];
    }
    const pivot = a[row + i] - dotRange(a, row, a, row, i);
    if (!(pivot > 0 && pivot < Infinity)) throw new NotPositiveDefiniteError(i, pivot, n);
    a[row + i] = Math.sqrt(pivot);
    a.fill(0, row + i + 1, row + n);
  }
}

/** Σ_k x[xStart + k]·y[yStart + k] for k < count; four running sums let the processor overlap the additions. */
export function dotRange(x: Float64Array, xStart: number, y: Float64Array, yStart: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const blocks = count - (count % 4);
  let k = 0;
  for (; k < blocks; k += 4) {
    s0 += x[xStart + k] * y[yStart + k];
    s1 += x[xStart + k + 1] * y[yStart + k + 1];
    s2 += x[xStart + k + 2] * y[yStart + k + 2];
    s3 += x[xStart + k + 3] * y[yStart + k + 3];
  }
  for (; k < count; k++) s0 += x[xStart + k] * y[yStart + k];
  return s0 + s1 + (s2 + s3);
}

/** Refuses an array that is no [n, n] matrix (RangeError). */
export function assertSquare(a: ArrayLike<number>, n: number): void {
  if (a.length !== n * n) throw new RangeError(`expected a ${n}×${n} matrix (${n * n} numbers), got ${a.length}`);
}
