import { createHash } from "node:crypto";
import { basename } from "node:path";
import { AppError, type TextProtocol } from "@espalier/contracts";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type CorpusTokens, readTokens } from "./read-tokens.js";

/** A stretch of a corpus, in windows of `sequenceLength` tokens. */
export interface CorpusPart {
  readonly corpusPath: string;
  /** Tokens of one window. */
  readonly sequenceLength: number;
  /** Windows that are passed over before the first one. */
  readonly skipWindows: number;
  /** Windows asked for. */
  readonly windows: number;
  /** Default `windows`. */
  readonly protocol?: TextProtocol | undefined;
}

export interface CutWindowsRequest extends CorpusPart {
  readonly tokenizer: Tokenizer;
}

export interface CutWindows {
  /** Token ids, `sequenceLength` each, as many as were asked for. */
  readonly windows: readonly Int32Array[];
  /** Windows known to exist after those passed over: a lower bound unless `exhausted`. */
  readonly available: number;
  /** The corpus was read to its end, so `available` is exact. */
  readonly exhausted: boolean;
}

/**
 * Cuts windows without overlap; an incomplete last window is dropped. Text is encoded only as far as needed.
 * Throws `CORPUS_TOO_SHORT` with what was asked and what there is, `CORPUS_NOT_FOUND` or `CORPUS_MALFORMED`.
 */
export async function cutWindows(request: CutWindowsRequest): Promise<CutWindows> {
  const { tokens, end } = tokenRange(request);
  const corpus = await readTokens(request.corpusPath, request.tokenizer, end, request.protocol);
  return cutTokens(corpus, request, tokens);
}

/** Token range of a part: `tokens` is its first token, `end` is one past its last. */
export function tokenRange(part: CorpusPart): { readonly tokens: number; readonly end: number } {
  for (const [name, value, least] of [
    ["sequenceLength", part.sequenceLength, 2],
    ["skipWindows", part.skipWindows, 0],
    ["windows", part.windows, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${name} is ${value}; at least ${least}`);
  }
  const tokens = part.skipWindows * part.sequenceLength;
  return { tokens, end: tokens + part.windows * part.sequenceLength };
}

/** Cuts a part out of the tokens of its corpus. */
export function cutTokens(corpus: CorpusTokens, part: CorpusPart, start: number): CutWindows {
  const { sequenceLength, windows } = part;
  const available = Math.max(0, Math.floor((corpus.ids.length - start) / sequenceLength));
  if (available < windows) throw corpusTooShort(part, available);
  const cut = Array.from({ length: windows }, (_, index) => {
    const from = start + index * sequenceLength;
    return corpus.ids.slice(from, from + sequenceLength);
  });
  return { windows: cut, available, exhausted: corpus.exhausted };
}

/** Says how many windows were asked for and how many there are. */
export function corpusTooShort(part: CorpusPart, available: number, pointer?: string): AppError {
  const after = part.skipWindows > 0 ? ` after the first ${part.skipWindows}` : "";
  const detail =
    `Corpus '${basename(part.corpusPath)}' has ${available} windows of ${part.sequenceLength} tokens${after}, ` +
    `${part.windows} were asked for. Ask for fewer, or give a longer text.`;
  return new AppError("CORPUS_TOO_SHORT", detail, pointer === undefined ? {} : { errors: [{ detail, pointer }] });
}

/** SHA-256 (hex) of a window's token ids: equal windows of any two files have equal hashes. */
export function windowHash(window: Int32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(window.buffer, window.byteOffset, window.byteLength))
    .digest("hex");
}
