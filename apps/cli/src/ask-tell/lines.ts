import type { Readable } from "node:stream";

/** Longest line: a million reports take half of it. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** A line that was passed over because it is too long. */
export const TOO_LONG = Symbol("a line that is too long");

/**
 * The lines of a stream of UTF-8 text, without their ends; the last one needs none. Lines end at \n alone: readline would
 * also end them at U+2028, which JSON allows inside texts. Of a line that is too long no more is kept.
 */
export async function* linesOf(input: Readable, longest = LONGEST_LINE): AsyncGenerator<string | typeof TOO_LONG> {
  input.setEncoding("utf8");
  let rest = "";
  let isTooLong = false;
  for await (const chunk of input) {
    const [first = "", ...others] = String(chunk).split("\n");
    isTooLong ||= rest.length + first.length > longest;
    rest = isTooLong ? "" : rest + first;
    for (const next of others) {
      yield isTooLong ? TOO_LONG : rest;
      isTooLong = false;
      rest = next;
    }
  }
  if (isTooLong) yield TOO_LONG;
  else if (rest !== "") yield rest;
}
