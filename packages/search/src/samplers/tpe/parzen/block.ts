/** Points whose densities are computed together: a kernel is read once for all of them. */
export const BLOCK = 4;

/** Copies points `first` to `first + BLOCK - 1` of each column, shape [columns][BLOCK]; a short block repeats the last point. */
export function readBlock(columns: readonly Float64Array[], first: number, block: Float64Array): void {
  for (let d = 0; d < columns.length; d++) {
    const column = columns[d];
    for (let i = 0; i < BLOCK; i++) block[BLOCK * d + i] = column[Math.min(first + i, column.length - 1)];
  }
}
