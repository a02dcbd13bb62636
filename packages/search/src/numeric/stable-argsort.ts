/** Runs of this length are sorted by insertion before merging: cheaper than merging down to single entries. */
const RUN = 12;

function insertionSort(keys: Float64Array, order: Int32Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const index = order[i];
    const key = keys[index];
    let j = i - 1;
    while (j >= from && keys[order[j]] > key) {
      order[j + 1] = order[j];
      j--;
    }
    order[j + 1] = index;
  }
}

function merge(keys: Float64Array, from: Int32Array, to: Int32Array, start: number, middle: number, end: number): void {
  let left = start;
  let right = middle;
  for (let k = start; k < end; k++) {
    const takeLeft = left < middle && (right >= end || keys[from[left]] <= keys[from[right]]);
    to[k] = takeLeft ? from[left++] : from[right++];
  }
}

/** Insertion moves a quarter of the squared bucket sizes; with more than this per key, merging costs less. */
const MOST_SQUARES = 48;
/** Fewer keys than this are merged: buckets do not pay. */
const FEW = 64;

/**
 * Distributes the indexes into as many equal buckets as there are keys, in index order within each; null if the range
 * is empty or the keys crowd in few buckets.
 */
function distribute(keys: Float64Array, count: number, low: number, high: number): Int32Array | null {
  const scale = (count - 1) / (high - low);
  if (!(scale > 0 && scale < Infinity)) return null;
  const buckets = new Int32Array(count);
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const bucket = ((keys[i] - low) * scale) | 0;
    buckets[i] = bucket;
    starts[bucket + 1]++;
  }
  let squares = 0;
  for (let b = 0; b < count; b++) {
    squares += starts[b + 1] ** 2;
    starts[b + 1] += starts[b];
  }
  if (squares > MOST_SQUARES * count) return null;
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[starts[buckets[i]]++] = i;
  return order;
}

/**
 * Indexes of the first `count` keys in ascending order, equal keys in index order; no NaN, infinities allowed.
 * Keys that fill their range evenly are distributed into buckets first, which leaves little to sort.
 */
export function stableArgsort(keys: Float64Array, count: number): Int32Array {
  if (count < FEW) return mergeArgsort(keys, count);
  let low = keys[0];
  let high = keys[0];
  for (let i = 1; i < count; i++) {
    if (keys[i] < low) low = keys[i];
    if (keys[i] > high) high = keys[i];
  }
  const order = distribute(keys, count, low, high);
  if (order === null) return mergeArgsort(keys, count);
  insertionSort(keys, order, 0, count);
  return order;
}

/** Bottom-up merge sort. */
function mergeArgsort(keys: Float64Array, count: number): Int32Array {
  let source = new Int32Array(count);
  let target = new Int32Array(count);
  for (let i = 0; i < count; i++) source[i] = i;
  for (let start = 0; start < count; start += RUN) insertionSort(keys, source, start, Math.min(start + RUN, count));
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      merge(keys, source, target, start, Math.min(start + width, count), Math.min(start + 2 * width, count));
    }
    [source, target] = [target, source];
  }
  return source;
}
