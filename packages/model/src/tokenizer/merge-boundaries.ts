/**
 * Where a BPE tokenizer's merges can never reach across.
 *
 * BPE starts from single characters and joins neighbours (a, b) that are listed as a merge. Between the characters
 * x and y nothing is ever joined unless some merge (a, b) has an a that ends in x and a b that begins with y. At such a
 * place the text can be cut, and the two sides encoded apart, with the ids of encoding it whole.
 */
export interface MergeBoundaries {
  /** Whether no merge joins `left` with `right`, two code points. */
  isSafe(left: number, right: number): boolean;
  /** The text in pieces, cut at every safe place. */
  cut(text: string): string[];
}

/** Code points are below 2^21, so a pair of them is one exact number. */
const CODE_POINTS = 2 ** 21;
const pairKey = (left: number, right: number): number => left * CODE_POINTS + right;

/** Collects the boundaries of a list of merges, each the two tokens that it joins. */
export function mergeBoundaries(merges: Iterable<readonly [string, string]>): MergeBoundaries {
  const joined = new Set<number>();
  for (const [a, b] of merges) joined.add(pairKey(lastCodePoint(a), b.codePointAt(0) ?? 0));
  const isSafe = (left: number, right: number): boolean => !joined.has(pairKey(left, right));
  return { isSafe, cut: (text) => cutAtSafe(text, isSafe) };
}

function cutAtSafe(text: string, isSafe: (left: number, right: number) => boolean): string[] {
  const pieces: string[] = [];
  let start = 0;
  let left = text.codePointAt(0) ?? 0;
  for (let at = left > 0xffff ? 2 : 1; at < text.length; ) {
    const right = text.codePointAt(at) ?? 0;
    if (isSafe(left, right)) {
      pieces.push(text.slice(start, at));
      start = at;
    }
    left = right;
    at += right > 0xffff ? 2 : 1;
  }
  if (start < text.length) pieces.push(text.slice(start));
  return pieces;
}

/** The last code point of a text that is not empty. */
export function lastCodePoint(text: string): number {
  const low = text.charCodeAt(text.length - 1);
  if (low < 0xdc00 || low > 0xdfff || text.length < 2) return low;
  const whole = text.codePointAt(text.length - 2) ?? low;
  return whole > 0xffff ? whole : low;
}
