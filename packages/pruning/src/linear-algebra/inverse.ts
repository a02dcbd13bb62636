import { assertSquare, choleskyInPlace } from "./cholesky.js";
import { BLOCK, dotRange, type Panel, subtractRowProducts } from "./panel.js";

/**
 * Inverse of a symmetric positive definite A [n, n] row-major, as a new matrix, exactly symmetric.
 * A = L·Lᵀ, M = L⁻¹, A⁻¹ = Mᵀ·M. Throws NotPositiveDefiniteError.
 */
export function inverseSpd(a: ArrayLike<number>, n: number): Float64Array {
  assertSquare(a, n);
  const l = Float64Array.from(a);
  choleskyInPlace(l, n);
  const columns = invertLowerTransposed(l, n);
  const inverse = new Float64Array(n * n);
  for (let start = 0; start < n; start += BLOCK) {
    const height = Math.min(BLOCK, n - start);
    // Columns of M start at their diagonal, so a product with those of this block starts at its first row.
    const panel = (row: number): Panel => ({ data: columns, at: row * n + start, stride: n });
    const rows = { data: inverse, at: start * n, stride: n };
    subtractRowProducts(rows, panel(start), panel(0), { m: height, n: start + height, k: n - start });
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) inverse[i * n + j] = inverse[j * n + i] = -inverse[i * n + j];
  }
  return inverse;
}

/** (L⁻¹)ᵀ, so that column c of L⁻¹ is the contiguous row c: L·m = e_c by forward substitution from row c on. */
function invertLowerTransposed(l: Float64Array, n: number): Float64Array {
  const columns = new Float64Array(n * n);
  for (let c = 0; c < n; c++) columns[c * n + c] = 1;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(start + BLOCK, n);
    for (let first = 0; first < start; first += BLOCK) {
      subtractRowProducts(
        { data: columns, at: first * n + start, stride: n },
        { data: columns, at: first * n + first, stride: n },
        { data: l, at: start * n + first, stride: n },
        { m: BLOCK, n: end - start, k: start - first },
      );
    }
    for (let row = 0; row < end * n; row += n) {
      for (let i = start; i < end; i++) {
        const known = dotRange(l, i * n + start, columns, row + start, i - start);
        columns[row + i] = (columns[row + i] - known) / l[i * n + i];
      }
    }
  }
  return columns;
}
