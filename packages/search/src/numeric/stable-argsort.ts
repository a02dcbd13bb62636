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

/** Indexes of the first `count` keys in ascending order, equal keys in index order (bottom-up merge sort; no NaN). */
export function stableArgsort(keys: Float64Array, count: number): Int32Array {
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
