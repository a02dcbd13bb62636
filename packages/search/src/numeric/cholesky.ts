/**
 * Lower Cholesky factor of a symmetric positive definite matrix.
 * @param matrix row-major [n, n], only its lower triangle is read. Null where a pivot is not positive.
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const factor = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    let pivot = matrix[j * n + j];
    for (let k = 0; k < j; k++) pivot -= factor[j * n + k] * factor[j * n + k];
    if (!(pivot > 0)) return null;
    const root = Math.sqrt(pivot);
    factor[j * n + j] = root;
    let i = j + 1;
    for (; i + 4 <= n; i += 4) fourBelow(matrix, factor, n, i, j, root);
    for (; i < n; i++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= factor[i * n + k] * factor[j * n + k];
      factor[i * n + j] = sum / root;
    }
  }
  return factor;
}

/** Entries [i, j] to [i + 3, j] of the factor: four sums at once, because none waits for another. */
function fourBelow(matrix: Float64Array, factor: Float64Array, n: number, i: number, j: number, root: number): void {
  const [a, b, c, d] = [i * n, (i + 1) * n, (i + 2) * n, (i + 3) * n];
  let [sa, sb, sc, sd] = [matrix[a + j], matrix[b + j], matrix[c + j], matrix[d + j]];
  for (let k = 0; k < j; k++) {
    const entry = factor[j * n + k];
    sa -= factor[a + k] * entry;
    sb -= factor[b + k] * entry;
    sc -= factor[c + k] * entry;
    sd -= factor[d + k] * entry;
  }
  factor[a + j] = sa / root;
  factor[b + j] = sb / root;
  factor[c + j] = sc / root;
  factor[d + j] = sd / root;
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

/**
 * `solveLower` in place for four right-hand sides, b[k·4 + j] = entry k of side j: their sums do not wait for each other.
 */
export function solveLowerFour(factor: Float64Array, b: Float64Array): void {
  const n = b.length / 4;
  for (let i = 0; i < n; i++) {
    const at = i * 4;
    let [s0, s1, s2, s3] = [b[at], b[at + 1], b[at + 2], b[at + 3]];
    for (let k = 0; k < i; k++) {
      const entry = factor[i * n + k];
      s0 -= entry * b[k * 4];
      s1 -= entry * b[k * 4 + 1];
      s2 -= entry * b[k * 4 + 2];
      s3 -= entry * b[k * 4 + 3];
    }
    const pivot = factor[i * n + i];
    b[at] = s0 / pivot;
    b[at + 1] = s1 / pivot;
    b[at + 2] = s2 / pivot;
    b[at + 3] = s3 / pivot;
  }
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
