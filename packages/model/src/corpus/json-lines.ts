import { basename } from "node:path";
import { z } from "zod";
import { openRegularFile } from "../files/regular-file.js";
import { corpusMalformed } from "./corpus-malformed.js";

/** One document of a corpus has rarely more than some hundred kB. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

const documentSchema = z.union([
  z.looseObject({ text: z.string() }).transform((line) => line.text),
  z
    .looseObject({ prefix: z.string(), gold_completion: z.string() })
    .transform((line) => line.prefix + line.gold_completion),
]);

/**
 * The documents of a JSON Lines file in order: field `text`, or `prefix` and `gold_completion` joined. Blank lines are
 * passed over. Throws `CORPUS_MALFORMED` with the line number, counted from 1.
 */
export async function* jsonLinesDocuments(path: string): AsyncGenerator<string> {
  for await (const { line, value } of jsonLines(path)) {
    const document = documentSchema.safeParse(value);
    if (!document.success) {
      throw corpusMalformed(
        basename(path),
        `has neither 'text' nor 'prefix' and 'gold_completion' as strings in line ${line}`,
      );
    }
    yield document.data;
  }
}

/** One value of a JSON Lines file. */
export interface JsonLine {
  /** Counted from 1. */
  readonly line: number;
  readonly value: unknown;
}

/**
 * The values of a JSON Lines file in order; blank lines are passed over. Throws `CORPUS_NOT_FOUND`, or `CORPUS_MALFORMED`
 * with the line number.
 */
export async function* jsonLines(path: string): AsyncGenerator<JsonLine> {
  const label = basename(path);
  let number = 0;
  for await (const bytes of lines(path, label)) {
    number++;
    const line = decode(bytes, label, number);
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      throw corpusMalformed(label, `is not valid JSON in line ${number}`, cause);
    }
    yield { line: number, value };
  }
}

function decode(bytes: Uint8Array, label: string, number: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw corpusMalformed(label, `is not UTF-8 text in line ${number}`, cause);
  }
}

async function* lines(path: string, label: string): AsyncGenerator<Uint8Array> {
  const refusal = { missing: "CORPUS_NOT_FOUND", unreadable: "CORPUS_MALFORMED", label: `Corpus '${label}'` } as const;
  const handle = await openRegularFile(path, refusal);
  const stream = handle.createReadStream({ highWaterMark: 256 * 1024 });
  let open: Uint8Array[] = [];
  let openBytes = 0;
  let number = 1;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...open, chunk.subarray(start, end)]);
      open = [];
      openBytes = 0;
      number++;
      start = end + 1;
    }
    openBytes += chunk.length - start;
    if (openBytes > MAX_LINE_BYTES)
      throw corpusMalformed(label, `has more than ${MAX_LINE_BYTES} bytes in line ${number}`);
    if (start < chunk.length) open.push(chunk.subarray(start));
  }
  if (openBytes > 0) yield Buffer.concat(open);
}
