import type { TokenizerJson } from "@espalier/model";
import { type GgufMetadata, int32s, string, strings } from "../../../gguf/metadata.js";
import { splitName } from "./split-name.js";
import { mergesOf, wordList } from "./word-list.js";

/** A tokenizer of byte-level merges, as GPT-2 and Llama 3 have. */
export function byteLevelVocabulary(json: TokenizerJson, vocabSize: number): GgufMetadata {
  const { tokens, types } = wordList(json, vocabSize);
  return new Map([
    ["tokenizer.ggml.model", string("gpt2")],
    ["tokenizer.ggml.pre", string(splitName(json))],
    ["tokenizer.ggml.tokens", strings(tokens)],
    ["tokenizer.ggml.token_type", int32s(types)],
    ["tokenizer.ggml.merges", strings(mergesOf(json).map((pair) => pair.join(" ")))],
  ]);
}
