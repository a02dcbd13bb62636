import type { TextProtocol } from "@espalier/contracts";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type CorpusTokens, readTokens } from "./read-tokens.js";
import { type CorpusPart, cutTokens, tokenRange } from "./windows.js";

/** What split resolution needs to know of corpora. */
export interface WindowReader {
  /** Windows of `sequenceLength` tokens in a corpus from its beginning; counting may stop at `atMost`. */
  count(corpusPath: string, sequenceLength: number, atMost: number, protocol?: TextProtocol): Promise<number>;
  /** The windows of a part. Throws `CORPUS_TOO_SHORT`. */
  cut(part: CorpusPart): Promise<readonly Int32Array[]>;
}

/** Reads corpora with a tokenizer; each is encoded once a protocol, as far as it was asked for. */
export function windowReader(tokenizer: Tokenizer): WindowReader {
  const known = new Map<string, CorpusTokens>();
  const tokensOf = async (path: string, tokens: number, protocol: TextProtocol = "windows"): Promise<CorpusTokens> => {
    const key = `${protocol} ${path}`;
    const before = known.get(key);
    if (before !== undefined && (before.exhausted || before.ids.length >= tokens)) return before;
    const corpus = await readTokens(path, tokenizer, tokens, protocol);
    known.set(key, corpus);
    return corpus;
  };
  return {
    async count(corpusPath, sequenceLength, atMost, protocol) {
      const { ids } = await tokensOf(corpusPath, sequenceLength * atMost, protocol);
      return Math.min(atMost, Math.floor(ids.length / sequenceLength));
    },
    async cut(part) {
      const { tokens, end } = tokenRange(part);
      return cutTokens(await tokensOf(part.corpusPath, end, part.protocol), part, tokens).windows;
    },
  };
}
