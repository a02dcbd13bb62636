import { basename } from "node:path";
import type { AppError, TextProtocol } from "@espalier/contracts";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { corpusExtensions, corpusFormat } from "./corpus-format.js";
import { corpusMalformed } from "./corpus-malformed.js";
import { jsonLinesDocuments } from "./json-lines.js";
import { MAX_TEXT_BYTES, readTextHead } from "./text-head.js";

/** The first tokens of a corpus. */
export interface CorpusTokens {
  readonly ids: Int32Array;
  /** The corpus holds no more than these. */
  readonly exhausted: boolean;
}

/** Most text has more than one byte and fewer than eight bytes a token. */
const BYTES_PER_TOKEN = 8;
const MIN_HEAD_BYTES = 64 * 1024;

/**
 * At least the first `tokens` tokens of a corpus, or all of them; no more text is read and encoded than about twice
 * what that takes. Throws `CORPUS_NOT_FOUND` or `CORPUS_MALFORMED`.
 */
export async function readTokens(
  path: string,
  tokenizer: Tokenizer,
  tokens: number,
  protocol: TextProtocol = "windows",
): Promise<CorpusTokens> {
  switch (corpusFormat(path)) {
    case "text":
      return await textTokens(path, tokenizer, tokens);
    case "jsonl":
      return protocol === "llm_pruner"
        ? await joinedTokens(path, tokenizer, tokens)
        : await documentTokens(path, tokenizer, tokens);
    case undefined:
      throw corpusMalformed(basename(path), `has no known format; known are ${corpusExtensions.join(", ")}`);
  }
}

async function textTokens(path: string, tokenizer: Tokenizer, tokens: number): Promise<CorpusTokens> {
  for (let bytes = Math.max(MIN_HEAD_BYTES, tokens * BYTES_PER_TOKEN); ; bytes *= 4) {
    const head = await readTextHead(path, Math.min(bytes, MAX_TEXT_BYTES));
    if (head.text === "" && head.whole) return { ids: new Int32Array(0), exhausted: true };
    const bare = tokenizer.encodePrefix(head.text, tokens, !head.whole);
    if (bare === undefined || (bare.length < tokens && !head.whole)) {
      if (bytes >= MAX_TEXT_BYTES) throw tooLarge(path);
      continue;
    }
    return { ids: withBos(tokenizer, bare), exhausted: head.whole && bare.length < tokens };
  }
}

async function documentTokens(path: string, tokenizer: Tokenizer, tokens: number): Promise<CorpusTokens> {
  const parts: Int32Array[] = [];
  let count = 0;
  for await (const document of jsonLinesDocuments(path)) {
    if (document === "") continue;
    const ids = tokenizer.encode(document);
    parts.push(ids);
    count += ids.length;
    if (count >= tokens) return { ids: concat(parts), exhausted: false };
  }
  return { ids: concat(parts), exhausted: true };
}

async function joinedTokens(path: string, tokenizer: Tokenizer, tokens: number): Promise<CorpusTokens> {
  const documents: string[] = [];
  let characters = 0;
  let enough = tokens * BYTES_PER_TOKEN;
  for await (const document of jsonLinesDocuments(path)) {
    if (characters + document.length > MAX_TEXT_BYTES) throw tooLarge(path);
    documents.push(document);
    characters += document.length + 2;
    if (characters < enough) continue;
    const ids = tokenizer.encodePrefix(documents.join("\n\n"), tokens, true);
    if (ids !== undefined && ids.length >= tokens) return { ids: withBos(tokenizer, ids), exhausted: false };
    enough *= 4;
  }
  return { ids: tokenizer.encode(documents.join("\n\n")), exhausted: true };
}

const withBos = ({ addsBos, bosId }: Tokenizer, ids: Int32Array): Int32Array =>
  addsBos && bosId !== undefined ? concat([Int32Array.of(bosId), ids]) : ids;

const tooLarge = (path: string): AppError =>
  corpusMalformed(
    basename(path),
    `has more than ${MAX_TEXT_BYTES} bytes in one document. Split it into documents (.jsonl)`,
  );

function concat(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
