import { assertSquare, choleskyInPlace, dotRange } from "./cholesky.js";

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
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      // Columns i and j of M start at their diagonal, so the sum starts at the later one.
      const value = dotRange(columns, i * n + i, columns, j * n + i, n - i);
      inverse[i * n + j] = value;
      inverse[j * n + i] = value;
    }
  }
  return inverse;
}

/** (L⁻¹)ᵀ, so that column c of L⁻¹ is the contiguous row c: L·m = e_c by forward substitution from row c on. */
function invertLowerTransposed(l: Float64Array, n: number): Float64Array {
  const columns = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const at = c * n;
    columns[at + c] = 1 / l[at + c];
    for (let i = c + 1; i < n; i++) {
      columns[at + i] = -dotRange(l, i * n + c, columns, at + c, i - c) / l[i * n + i];
    }
  }
  return columns;
}
