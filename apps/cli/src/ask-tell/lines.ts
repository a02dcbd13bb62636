import type { Readable } from "node:stream";

/**
 * The lines of a stream of UTF-8 text, without their ends; the last one needs none. Lines end at \n alone: readline would
 * also end them at U+2028, which JSON allows inside texts.
 */
export async function* linesOf(input: Readable): AsyncGenerator<string> {
  input.setEncoding("utf8");
  let rest = "";
  for await (const chunk of input) {
    const lines = String(chunk).split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
