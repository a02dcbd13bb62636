import type { TokenizerJson } from "@espalier/model";
import { bool, float32s, type GgufMetadata, int32s, string, strings } from "../../../gguf/metadata.js";
import { prefixesSpace } from "./spaces.js";
import { tokenType } from "./token-type.js";
import { unfitTokenizer } from "./unfit-tokenizer.js";
import { mergesOf, vocabularyOf, wordList } from "./word-list.js";

const BYTES = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);

/**
 * A tokenizer in SentencePiece's manner, with byte fallback. llama.cpp merges the neighbours whose joined token has the
 * highest score, so a token's score is minus the rank of its first merge. That says the same as a list of merges where
 * every pair that makes a token is listed, and those of one token follow one another: both are checked.
 */
export function sentencePieceVocabulary(json: TokenizerJson, vocabSize: number): GgufMetadata {
  const words = wordList(json, vocabSize);
  const ids = vocabularyOf(json);
  const ranks = mergeRanks(json);
  const missing = BYTES.find((byte) => !ids.has(byte));
  if (missing !== undefined) throw unfitTokenizer(`has no token ${missing}`);
  const bytes = new Set(BYTES);
  const unknown = json.model["unk_token"];
  const types = words.types.map((type, id) => {
    const token = words.tokens[id];
    if (token === unknown) return tokenType.unknown;
    return type === tokenType.normal && bytes.has(token) ? tokenType.byte : type;
  });
  return new Map([
    ["tokenizer.ggml.model", string("llama")],
    ["tokenizer.ggml.pre", string("default")],
    // A user's token is looked for in the text itself, before its spaces are marked.
    [
      "tokenizer.ggml.tokens",
      strings(words.tokens.map((t, id) => (types[id] === tokenType.userDefined ? spaced(t) : t))),
    ],
    ["tokenizer.ggml.scores", float32s(words.tokens.map((token) => -(ranks.get(token) ?? 0)))],
    ["tokenizer.ggml.token_type", int32s(types)],
    ["tokenizer.ggml.add_space_prefix", bool(prefixesSpace(json))],
  ]);
}

const spaced = (token: string): string => token.replaceAll("▁", " ");

/** The rank of the first merge that makes each token. */
function mergeRanks(json: TokenizerJson): ReadonlyMap<string, number> {
  const merges = mergesOf(json);
  const ranks = new Map<string, number>();
  let last = -1;
  merges.forEach(([left, right], rank) => {
    const first = ranks.get(left + right) ?? rank;
    if (first < last) throw unfitTokenizer(`ranks merges of '${left}${right}' apart`);
    ranks.set(left + right, first);
    last = first;
  });
  refuseMissingMerges(json, merges);
  return ranks;
}

/** Two neighbours whose joined text is a token are merged by llama.cpp, whether a merge says so or not. */
function refuseMissingMerges(json: TokenizerJson, merges: readonly (readonly [string, string])[]): void {
  const ids = vocabularyOf(json);
  const known = new Set(merges.map((pair) => pair.join(" ")));
  const special = new Set([...BYTES, ...json.added_tokens.map(({ content }) => content)]);
  for (const token of ids.keys()) {
    if (special.has(token)) continue;
    const characters = [...token];
    for (let cut = 1; cut < characters.length; cut++) {
      const [left, right] = [characters.slice(0, cut).join(""), characters.slice(cut).join("")];
      if (ids.has(left) && ids.has(right) && !known.has(`${left} ${right}`)) {
        throw unfitTokenizer(`has the tokens '${left}', '${right}' and '${token}' but no merge of them`);
      }
    }
  }
}
