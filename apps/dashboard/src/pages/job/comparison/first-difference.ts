/** Two texts, divided where their words begin to differ. */
export interface Divided {
  /** What both begin with. */
  readonly same: string;
  /** The rest of each. */
  readonly first: string;
  readonly second: string;
  /** Words that both begin with. */
  readonly words: number;
}

/** Words, each with the spaces before it. */
const wordsOf = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/gu) ?? [];

/** Divides two texts before the first word that is not the same in both. */
export function firstDifference(first: string, second: string): Divided {
  const [left, right] = [wordsOf(first), wordsOf(second)];
  let words = 0;
  while (words < left.length && left[words] === right[words]) words++;
  const same = left.slice(0, words).join("");
  return { same, first: first.slice(same.length), second: second.slice(same.length), words };
}
