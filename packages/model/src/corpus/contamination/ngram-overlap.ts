import { ngramHash } from "./ngram-hash.js";
import { NgramMarks } from "./ngram-marks.js";

/** n-grams looked for in one pass over the other text: bounds memory to some 40 MB, whatever the texts. */
const PASS_NGRAMS = 1 << 20;

/** A window counts as repeated when at least this share of its n-grams occurs in the other text. */
const REPEATED_SHARE = 0.5;

/** How much of some windows occurs in another text. Counts add up over windows. */
export interface NgramOverlap {
  /** n-grams within the windows; one that occurs twice counts twice. */
  readonly ngrams: number;
  /** Those that occur in the other text. */
  readonly shared: number;
  readonly windows: number;
  /** Windows with at least one shared n-gram. */
  readonly touched: number;
  /** Windows with at least half of their n-grams shared. */
  readonly repeated: number;
}

/**
 * Looks for the n-grams of `windows` (token ids) in `sources`. A source is a list of windows that follow one another in
 * a corpus: its n-grams may lie across their borders, so that a copy which is cut elsewhere is found whole.
 * Works on 53-bit hashes: among N n-grams looked for in M others, about N·M·2⁻⁵³ are taken for shared and are not
 * (1e6 in 1e7: 0.001), and none is missed. Memory is bounded; time is linear in both texts up to a million n-grams.
 * Throws RangeError unless `n` is a positive integer.
 */
export function ngramOverlap(
  windows: readonly Int32Array[],
  sources: readonly (readonly Int32Array[])[],
  n: number,
): NgramOverlap {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`n is ${n}; a positive integer is needed`);
  const total = { ngrams: 0, shared: 0, windows: windows.length, touched: 0, repeated: 0 };
  for (const pass of passes(windows, n)) {
    const marks = new NgramMarks(pass.reduce((sum, window) => sum + ngramCount(window, n), 0));
    for (const window of pass) eachHash(window, n, (hash) => marks.add(hash));
    for (const source of sources) markSource(source, n, marks);
    for (const window of pass) {
      let shared = 0;
      eachHash(window, n, (hash) => {
        if (marks.isMarked(hash)) shared++;
      });
      const ngrams = ngramCount(window, n);
      total.ngrams += ngrams;
      total.shared += shared;
      if (shared > 0) total.touched++;
      if (shared > 0 && shared >= REPEATED_SHARE * ngrams) total.repeated++;
    }
  }
  return total;
}

const ngramCount = (ids: Int32Array, n: number): number => Math.max(0, ids.length - n + 1);

function eachHash(ids: Int32Array, n: number, visit: (hash: number) => void): void {
  const count = ngramCount(ids, n);
  for (let at = 0; at < count; at++) visit(ngramHash(ids, at, n));
}

/** Whole windows, so many at once that they hold at most PASS_NGRAMS n-grams (or one window). */
function* passes(windows: readonly Int32Array[], n: number): Generator<readonly Int32Array[]> {
  let pass: Int32Array[] = [];
  let held = 0;
  for (const window of windows) {
    const count = ngramCount(window, n);
    if (pass.length > 0 && held + count > PASS_NGRAMS) {
      yield pass;
      pass = [];
      held = 0;
    }
    pass.push(window);
    held += count;
  }
  if (pass.length > 0) yield pass;
}

function markSource(source: readonly Int32Array[], n: number, marks: NgramMarks): void {
  let before = new Int32Array(0);
  for (const window of source) {
    const ids = new Int32Array(before.length + window.length);
    ids.set(before);
    ids.set(window, before.length);
    eachHash(ids, n, (hash) => marks.mark(hash));
    before = ids.slice(Math.max(0, ids.length - n + 1));
  }
}
