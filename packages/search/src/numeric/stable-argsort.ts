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

/** Fewer keys than this are merged: counting does not pay. */
const FEW = 128;
/** Keys are cut to twice this many bits of their range and sorted by counting, the low half first. */
const DIGIT_BITS = 10;
const DIGITS = 1 << DIGIT_BITS;
/** Insertion after counting may move each key this far on average; crowded keys, which need more, are merged. */
const MOST_MOVES = 8;

/** Moves each entry's indexes to their place by one digit, in the order of `from` within equal digits. */
function sortByDigit(cut: Int32Array, shift: number, from: Int32Array | null, to: Int32Array): void {
  const count = to.length;
  const starts = new Int32Array(DIGITS + 1);
  for (let i = 0; i < count; i++) starts[((cut[i] >> shift) & (DIGITS - 1)) + 1]++;
  for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1] += starts[digit];
  for (let i = 0; i < count; i++) {
    const index = from === null ? i : from[i];
    to[starts[(cut[index] >> shift) & (DIGITS - 1)]++] = index;
  }
}

/** Order by the leading bits of the keys' places in [low, high], index order where they are equal; null without a range. */
function nearlySorted(keys: Float64Array, count: number, low: number, high: number): Int32Array | null {
  const scale = (DIGITS * DIGITS - 1) / (high - low);
  if (!(scale > 0 && scale < Infinity)) return null;
  const cut = new Int32Array(count);
  for (let i = 0; i < count; i++) cut[i] = (keys[i] - low) * scale;
  const byLow = new Int32Array(count);
  const order = new Int32Array(count);
  sortByDigit(cut, 0, null, byLow);
  sortByDigit(cut, DIGIT_BITS, byLow, order);
  return order;
}

/** Insertion sort of the whole order; false where it gave up because the keys are too far from their places. */
function finish(keys: Float64Array, order: Int32Array): boolean {
  let moves = MOST_MOVES * order.length;
  for (let i = 1; i < order.length; i++) {
    const index = order[i];
    const key = keys[index];
    let j = i - 1;
    while (j >= 0 && keys[order[j]] > key) {
      order[j + 1] = order[j];
      j--;
    }
    order[j + 1] = index;
    moves -= i - 1 - j;
    if (moves < 0) return false;
  }
  return true;
}

/**
 * Indexes of the first `count` keys in ascending order, equal keys in index order; no NaN, infinities allowed.
 * Many keys are sorted by counting on their leading bits first, which leaves little to sort.
 */
export function stableArgsort(keys: Float64Array, count: number): Int32Array {
  if (count < FEW) return mergeArgsort(keys, count);
  let low = keys[0];
  let high = keys[0];
  for (let i = 1; i < count; i++) {
    if (keys[i] < low) low = keys[i];
    if (keys[i] > high) high = keys[i];
  }
  const order = nearlySorted(keys, count, low, high);
  return order !== null && finish(keys, order) ? order : mergeArgsort(keys, count);
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
