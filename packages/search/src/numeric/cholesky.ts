/**
 * Lower Cholesky factor of a symmetric positive definite matrix.
 * @param matrix row-major [n, n], only its lower triangle is read. Null where a pivot is not positive.
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j];
      else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  }
  return factor;
}

/** Solves L·x = b for a lower factor [n, n]. */
export function solveLower(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= factor[i * n + k] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  return x;
}

/** Solves Lᵀ·x = b for a lower factor [n, n]. */
export function solveLowerTransposed(factor: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  return x;
}
