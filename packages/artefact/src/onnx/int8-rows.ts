const LARGEST = 127;

/** Of each row of a matrix its largest magnitude / 127: what one step of its int8 numbers stands for. 0 for a row of zeros. */
export function rowScales(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  return Float32Array.from({ length: rows }, (_, row) => {
    let largest = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) largest = Math.max(largest, Math.abs(matrix[i]));
    return largest / LARGEST;
  });
}

/** The nearest multiple of its row's scale for each number of a matrix. */
export function int8Rows(matrix: Float32Array, rows: number): Int8Array {
  const columns = matrix.length / rows;
  const scales = rowScales(matrix, rows);
  return Int8Array.from(matrix, (value, i) => {
    const scale = scales[Math.floor(i / columns)];
    return scale === 0 ? 0 : Math.round(value / scale);
  });
}
