export interface PromptChoice {
  /** How many, at most: windows that are fewer give fewer. */
  readonly count: number;
  /** Most tokens of a prompt, at least 1. */
  readonly most: number;
  readonly decode: (ids: readonly number[]) => string;
}

/** Beginnings for texts to be written after, one from each of some windows at equal distances. Token ids. */
export function choosePrompts(
  windows: readonly Int32Array[],
  { count, most, decode }: PromptChoice,
): readonly (readonly number[])[] {
  const places = Array.from({ length: count }, (_, at) => Math.floor((at * windows.length) / count));
  const chosen = [...new Set(places)].flatMap((place) => windows[place] ?? []);
  return chosen.map((window) => promptIn([...window], most, decode)).filter(({ length }) => length > 0);
}

/** Fewer tokens say too little to go on with. */
const LEAST_TOKENS = 4;

/** Where a sentence has ended, quotation marks included. */
const SENTENCE_END = /[.!?]["'”’)]*\s*$/;

/**
 * Windows are cut anywhere: a prompt begins with the first sentence that does, if one leaves room for a whole prompt, and
 * ends with a word where one ends late enough.
 */
function promptIn(ids: readonly number[], most: number, decode: PromptChoice["decode"]): readonly number[] {
  /** Text of some tokens, and whether a new word follows. */
  const read = (from: number, to: number) => {
    const text = decode(ids.slice(from, to));
    return { text, isWhole: /^\s/.test(decode(ids.slice(from, to + 1)).slice(text.length)) };
  };
  let begin = 0;
  for (let at = 1; at + most < ids.length && begin === 0; at++) {
    const { text, isWhole } = read(0, at);
    if (isWhole && SENTENCE_END.test(text)) begin = at;
  }
  for (let end = Math.min(begin + most, ids.length); end >= begin + Math.min(most, LEAST_TOKENS); end--) {
    if (read(begin, end).isWhole) return ids.slice(begin, end);
  }
  return ids.slice(begin, begin + most);
}
