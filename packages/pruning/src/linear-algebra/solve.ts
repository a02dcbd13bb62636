import { assertSquare, dotRange } from "./cholesky.js";

/**
 * Solves X·A = B for X with A = L·Lᵀ, in place in `b` [rows, n]: each row x satisfies A·xᵀ = bᵀ (A is symmetric).
 * `l`: lower factor from `choleskyInPlace`. Right-hand sides are rows, so all inner loops run along contiguous memory.
 */
export function solveRowsInPlace(l: Float64Array, n: number, b: Float64Array, rows: number): void {
  assertSquare(l, n);
  if (b.length !== rows * n) throw new RangeError(`${rows} right-hand sides of ${n} numbers, got ${b.length}`);
  for (let r = 0; r < rows; r++) {
    const at = r * n;
    // Forward: L·y = b.
    for (let i = 0; i < n; i++) b[at + i] = (b[at + i] - dotRange(l, i * n, b, at, i)) / l[i * n + i];
    // Backward: Lᵀ·x = y, by columns of Lᵀ = rows of L, subtracting each solved unknown from those above it.
    for (let i = n - 1; i >= 0; i--) {
      const x = b[at + i] / l[i * n + i];
      b[at + i] = x;
      const row = i * n;
      for (let k = 0; k < i; k++) b[at + k] -= x * l[row + k];
    }
  }
}
