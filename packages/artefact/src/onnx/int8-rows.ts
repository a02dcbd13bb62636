const LARGEST = 127;

/** Of each row of a matrix its largest magnitude / 127: what one step of its int8 numbers stands for. 0 for a row of zeros. */
export function rowScales(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) largest = Math.max(largest, Math.abs(matrix[i]));
    scales[row] = largest / LARGEST;
  }
  return scales;
}

/** The nearest multiple of its row's scale for each number of a matrix. */
export function int8Rows(matrix: Float32Array, rows: number): Int8Array {
  const columns = matrix.length / rows;
  const scales = rowScales(matrix, rows);
  const steps = new Int8Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    const perStep = scales[row] === 0 ? 0 : 1 / scales[row];
    for (let i = row * columns; i < (row + 1) * columns; i++) steps[i] = Math.round(matrix[i] * perStep);
  }
  return steps;
}
