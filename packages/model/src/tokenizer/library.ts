import * as published from "@huggingface/tokenizers";

/** What splits a text before the model sees it. */
export type PreTokenize = (text: string, options?: { readonly section_index?: number }) => string[];

/** The parts of the library's model that we look at; the optional ones belong to BPE. */
export interface LibraryModel {
  readonly vocab: readonly string[];
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly fuse_unk: boolean;
  readonly end_of_word_suffix?: string | null;
  readonly continuing_subword_suffix?: string | null;
  readonly byte_fallback?: boolean;
  readonly ignore_merges?: boolean;
  readonly merges?: readonly (readonly [string, string])[];
}

/** The parts of the library's tokenizer that we use. */
export interface LibraryTokenizer {
  pre_tokenizer: PreTokenize | null;
  readonly model: LibraryModel;
  encode(text: string, options?: { readonly add_special_tokens?: boolean }): { readonly ids: readonly number[] };
  decode(
    ids: readonly number[],
    options: { readonly skip_special_tokens: boolean; readonly clean_up_tokenization_spaces: boolean },
  ): string;
  token_to_id(token: string): number | undefined;
}

interface LibraryModule {
  readonly Tokenizer: new (json: object, config: object) => LibraryTokenizer;
}

// The package's declaration files import one another without extensions, which NodeNext does not follow: everything
// they export would silently be `any`. The tests run against the real library.
const { Tokenizer } = published as unknown as LibraryModule;

/** Builds the library's tokenizer from the two parsed files. */
export const constructLibrary = (json: object, config: object): LibraryTokenizer => new Tokenizer(json, config);
