import { inputNames, type TensorData } from "@espalier/graph";

/** Windows of one length, packed as the inputs of a decoder program. */
export interface TokenBatch {
  /** Place of the first window in the list that was packed. */
  readonly start: number;
  readonly rows: number;
  /** `input_ids` [rows, T] and `token_weights` [rows, T−1], each prediction weighing 1/(T−1): row loss = mean NLL. */
  readonly feeds: Readonly<Record<string, TensorData>>;
}

/**
 * Packs windows in order into batches of at most `rows`; the last one may be shorter, nothing is padded.
 * All windows must have the same length of at least two tokens (RangeError).
 */
export function packWindows(windows: readonly Int32Array[], rows: number): TokenBatch[] {
  if (!Number.isInteger(rows) || rows < 1) throw new RangeError(`batches of ${rows} rows`);
  const length = windows[0]?.length ?? 2;
  const odd = windows.findIndex((window) => window.length !== length);
  if (odd >= 0) throw new RangeError(`window ${odd} has ${windows[odd].length} tokens, the first has ${length}`);
  if (length < 2) throw new RangeError(`windows of ${length} tokens predict nothing`);
  const batches: TokenBatch[] = [];
  for (let start = 0; start < windows.length; start += rows) {
    batches.push(packRows(windows.slice(start, start + rows), start, length));
  }
  return batches;
}

function packRows(windows: readonly Int32Array[], start: number, length: number): TokenBatch {
  const rows = windows.length;
  const ids = new BigInt64Array(rows * length);
  windows.forEach((window, row) => {
    for (let t = 0; t < length; t++) ids[row * length + t] = BigInt(window[t]);
  });
  const weights = new Float32Array(rows * (length - 1)).fill(1 / (length - 1));
  return {
    start,
    rows,
    feeds: {
      [inputNames.inputIds]: { data: ids, dims: [rows, length] },
      [inputNames.tokenWeights]: { data: weights, dims: [rows, length - 1] },
    },
  };
}

/** Sum of each row of a [rows, columns] result, in float64. */
export function rowSums(result: TensorData, rows: number): Float64Array {
  const values = result.data as Float32Array;
  const columns = values.length / rows;
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let c = row * columns; c < (row + 1) * columns; c++) sum += values[c];
    sums[row] = sum;
  }
  return sums;
}
