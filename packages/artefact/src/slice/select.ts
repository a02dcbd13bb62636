/** Rows `kept` of a row-major matrix [·, columns], in the order given. */
export function takeRows(matrix: Float32Array, columns: number, kept: Int32Array): Float32Array {
  const out = new Float32Array(kept.length * columns);
  kept.forEach((row, i) => {
    out.set(matrix.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return out;
}

/** Columns `kept` of a row-major matrix [rows, columns], in the order given. */
export function takeColumns(matrix: Float32Array, columns: number, kept: Int32Array): Float32Array {
  const rows = columns === 0 ? 0 : matrix.length / columns;
  const width = kept.length;
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) out[row * width + i] = matrix[row * columns + kept[i]];
  }
  return out;
}
