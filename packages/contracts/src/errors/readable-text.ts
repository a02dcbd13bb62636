/** Longest message of an error; what is said fits, what a caller's own text adds may not. */
const LONGEST_MESSAGE = 1000;

/** Control characters but the end of a line; they could move a terminal's cursor or colour what follows. */
const CONTROL = /(?!\n)\p{Cc}/gu;

/** A message as people may read it whatever went into it: control characters escaped, not longer than `longest`. */
export function readableText(message: string, longest: number = LONGEST_MESSAGE): string {
  const text = message.length > longest ? `${message.slice(0, longest - 1)}…` : message;
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
