import { assertSquare } from "./cholesky.js";
import { BLOCK, dotRange, subtractRowProducts } from "./panel.js";
import { transpose } from "./submatrix.js";

/**
 * Solves X·A = B for X with A = L·Lᵀ, in place in `b` [rows, n]: each row x satisfies A·xᵀ = bᵀ (A is symmetric).
 * `l`: lower factor from `choleskyInPlace`. By blocks of unknowns: what solved ones take from a block is one product of
 * panels for all right-hand sides.
 */
export function solveRowsInPlace(l: Float64Array, n: number, b: Float64Array, rows: number): void {
  assertSquare(l, n);
  if (b.length !== rows * n) throw new RangeError(`${rows} right-hand sides of ${n} numbers, got ${b.length}`);
  const upper = transpose(l, n, n);
  const blocks = Array.from({ length: Math.ceil(n / BLOCK) }, (_, block) => block * BLOCK);
  for (const start of blocks) forwardBlock(l, n, b, rows, start, Math.min(start + BLOCK, n));
  for (const start of blocks.reverse()) backwardBlock(upper, n, b, rows, start, Math.min(start + BLOCK, n));
}

/** L·yᵀ = bᵀ for the unknowns from `start` to `end` (excluded), those before them known. */
function forwardBlock(l: Float64Array, n: number, b: Float64Array, rows: number, start: number, end: number): void {
  subtractRowProducts(
    { data: b, at: start, stride: n },
    { data: b, at: 0, stride: n },
    { data: l, at: start * n, stride: n },
    { m: rows, n: end - start, k: start },
  );
  for (let row = 0; row < rows * n; row += n) {
    for (let i = start; i < end; i++) {
      b[row + i] = (b[row + i] - dotRange(l, i * n + start, b, row + start, i - start)) / l[i * n + i];
    }
  }
}

/** Lᵀ·xᵀ = yᵀ, given Lᵀ, for the unknowns from `start` to `end` (excluded), those after them known. */
function backwardBlock(
  upper: Float64Array,
  n: number,
  b: Float64Array,
  rows: number,
  start: number,
  end: number,
): void {
  subtractRowProducts(
    { data: b, at: start, stride: n },
    { data: b, at: end, stride: n },
    { data: upper, at: start * n + end, stride: n },
    { m: rows, n: end - start, k: n - end },
  );
  for (let row = 0; row < rows * n; row += n) {
    for (let i = end - 1; i >= start; i--) {
      const rest = dotRange(upper, i * n + i + 1, b, row + i + 1, end - i - 1);
      b[row + i] = (b[row + i] - rest) / upper[i * n + i];
    }
  }
}
