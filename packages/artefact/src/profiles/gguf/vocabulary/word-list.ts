import type { TokenizerJson } from "@espalier/model";
import { tokenType } from "./token-type.js";
import { unfitTokenizer } from "./unfit-tokenizer.js";

/** The tokens of a model by id, as many as its embedding has rows. */
export interface WordList {
  readonly tokens: readonly string[];
  readonly types: Int32Array;
}

/** Tokens and added tokens; ids that no token has are filled. Throws AppError VALIDATION_FAILED for too many. */
export function wordList(json: TokenizerJson, vocabSize: number): WordList {
  const tokens = Array.from({ length: vocabSize }, (_, id) => `[PAD${id}]`);
  const types = new Int32Array(vocabSize).fill(tokenType.unused);
  const put = (token: string, id: number, type: number): void => {
    if (id >= vocabSize) throw unfitTokenizer(`has the id ${id}, beyond the ${vocabSize} rows of the embedding`);
    tokens[id] = token;
    types[id] = type;
  };
  for (const [token, id] of vocabularyOf(json)) put(token, id, tokenType.normal);
  for (const { content, id, special } of json.added_tokens) {
    put(content, id, special ? tokenType.control : tokenType.userDefined);
  }
  return { tokens, types };
}

/** Ids by token, of a model of merges. */
export const vocabularyOf = ({ model }: TokenizerJson): ReadonlyMap<string, number> =>
  new Map(Object.entries((model["vocab"] ?? {}) as Record<string, number>));

/** Merges in their order; older files write each as one text. */
export const mergesOf = ({ model }: TokenizerJson): readonly (readonly [string, string])[] =>
  ((model["merges"] ?? []) as readonly (string | readonly [string, string])[]).map((merge) => {
    if (typeof merge !== "string") return merge;
    const [left = "", right = ""] = merge.split(" ");
    return [left, right];
  });
