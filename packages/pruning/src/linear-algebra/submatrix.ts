/** A[rows, columns] of a row-major matrix with `width` columns, as float64. */
export function submatrix(
  a: ArrayLike<number>,
  width: number,
  rows: ArrayLike<number>,
  columns: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(rows.length * columns.length);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i] * width;
    const to = i * columns.length;
    for (let j = 0; j < columns.length; j++) out[to + j] = a[from + columns[j]];
  }
  return out;
}

/** Aᵀ [columns, rows] of a row-major A [rows, columns]. */
export function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j];
  return out;
}

/** 0 … count−1. */
export function indices(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

/** Indices below `count` that an ascending list leaves out, ascending. */
export function complement(kept: Int32Array, count: number): Int32Array {
  const rest = new Int32Array(count - kept.length);
  let at = 0;
  let k = 0;
  for (let i = 0; i < count; i++) {
    if (k < kept.length && kept[k] === i) k++;
    else rest[at++] = i;
  }
  return rest;
}
