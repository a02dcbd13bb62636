import { basename } from "node:path";
import { openRegularFile, readFully } from "../files/regular-file.js";
import { corpusMalformed } from "./corpus-malformed.js";

/** A string in V8 holds about 2^29 characters; a text that must be read whole stays well below. */
export const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/** The beginning of a UTF-8 file, cut between characters. */
export interface TextHead {
  readonly text: string;
  /** Nothing follows. */
  readonly whole: boolean;
}

/** Reads at most `maxBytes` of a text file. Throws `CORPUS_NOT_FOUND`, or `CORPUS_MALFORMED` when it is not UTF-8. */
export async function readTextHead(path: string, maxBytes: number): Promise<TextHead> {
  const label = basename(path);
  const refusal = { missing: "CORPUS_NOT_FOUND", unreadable: "CORPUS_MALFORMED", label: `Corpus '${label}'` } as const;
  const handle = await openRegularFile(path, refusal);
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(size, maxBytes));
    const read = await readFully(handle, bytes, 0);
    const whole = read >= size;
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, read), { stream: !whole });
    return { text, whole };
  } catch (cause) {
    if (cause instanceof TypeError) throw corpusMalformed(label, "is not UTF-8 text. Convert it", cause);
    throw cause;
  } finally {
    await handle.close();
  }
}
