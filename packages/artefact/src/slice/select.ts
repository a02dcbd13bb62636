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

/** The way back: rows of a matrix at `places` of one with `count` rows, zeros between them. */
export function placeRows(matrix: Float32Array, places: Int32Array, count: number): Float32Array {
  const columns = places.length === 0 ? 0 : matrix.length / places.length;
  const out = new Float32Array(count * columns);
  places.forEach((place, row) => {
    out.set(matrix.subarray(row * columns, (row + 1) * columns), place * columns);
  });
  return out;
}

/** The way back: columns of a matrix at `places` of one with `count` columns, zeros between them. */
export function placeColumns(matrix: Float32Array, places: Int32Array, count: number): Float32Array {
  const width = places.length;
  const rows = width === 0 ? 0 : matrix.length / width;
  const out = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) out[row * count + places[i]] = matrix[row * width + i];
  }
  return out;
}
