import type { LibraryTokenizer } from "./library.js";
import type { RawBoundaries } from "./raw-boundaries.js";
import type { TokenizerConfigJson, TokenizerJson } from "./tokenizer-files.js";
import { tokenizerInvalid } from "./tokenizer-invalid.js";

/** Text to token ids and back. */
export interface Tokenizer {
  /** Largest id + 1. */
  readonly vocabSize: number;
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
  /** Whether the tokenizer's own configuration puts BOS before a text. */
  readonly addsBos: boolean;
  /** Ids of a text; BOS before it when `bos`, whose default is `addsBos`. */
  encode(text: string, options?: { readonly bos?: boolean }): Int32Array;
  /**
   * The first ids of a text (no BOS), at least `minTokens` of them if there are so many; only a beginning of the text
   * is encoded where the tokenizer allows it. `open`: more text follows that is not given, so its end is uncertain.
   * Undefined: this tokenizer cannot encode an open text.
   */
  encodePrefix(text: string, minTokens: number, open?: boolean): Int32Array | undefined;
  /** Text of ids; special tokens are left out unless `special`. */
  decode(ids: Iterable<number>, options?: { readonly special?: boolean }): string;
}

interface Parts {
  readonly library: LibraryTokenizer;
  readonly json: TokenizerJson;
  readonly config: TokenizerConfigJson;
  readonly prefixes: RawBoundaries | undefined;
  /** Ids must be below it. */
  readonly maxId: number;
}

/** English text has about four characters a token; a first guess that rarely needs a second. */
const CHARACTERS_PER_TOKEN = 6;

/** Puts our narrow interface over the library's tokenizer. */
export function makeTokenizer({ library, json, config, prefixes, maxId }: Parts): Tokenizer {
  const idOf = (name: string | null | undefined) => (name ? library.token_to_id(name) : undefined);
  const bosId = idOf(config.bos_token);
  const addsBos = bosId !== undefined && (config.add_bos_token ?? templateAddsBos(library, bosId));
  const encodeBare = (text: string): Int32Array => {
    const { ids } = call(() => library.encode(text, { add_special_tokens: false }));
    return checkedIds(ids, maxId);
  };
  return {
    vocabSize: 1 + largestId(library, json),
    bosId,
    eosId: idOf(config.eos_token),
    addsBos,
    encode(text, { bos = addsBos } = {}) {
      const ids = encodeBare(text);
      if (!bos) return ids;
      if (bosId === undefined) throw tokenizerInvalid("it names no BOS token ('bos_token' in tokenizer_config.json)");
      return prepend(bosId, ids);
    },
    encodePrefix(text, minTokens, open = false) {
      if (prefixes === undefined) return open ? undefined : encodeBare(text);
      for (let length = Math.max(64, minTokens * CHARACTERS_PER_TOKEN); ; length *= 2) {
        if (length >= text.length && !open) return encodeBare(text);
        const ids = encodeBare(text.slice(0, prefixes.lastBefore(text, length)));
        if (ids.length >= minTokens || length >= text.length) return ids;
      }
    },
    decode(ids, { special = false } = {}) {
      const list = [...ids];
      if (list.length === 0) return "";
      return call(() =>
        library.decode(list, {
          skip_special_tokens: !special,
          clean_up_tokenization_spaces: config.clean_up_tokenization_spaces ?? false,
        }),
      );
    },
  };
}

function prepend(first: number, rest: Int32Array): Int32Array {
  const all = new Int32Array(rest.length + 1);
  all[0] = first;
  all.set(rest, 1);
  return all;
}

/** Newer tokenizers say it in the post-processor only: an empty text becomes BOS. */
const templateAddsBos = (library: LibraryTokenizer, bosId: number): boolean =>
  call(() => library.encode("")).ids[0] === bosId;

function call<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw tokenizerInvalid(cause instanceof Error ? cause.message.slice(0, 200) : "it failed on a text", cause);
  }
}

function largestId(library: LibraryTokenizer, json: TokenizerJson): number {
  const added = json.added_tokens.reduce((largest, token) => Math.max(largest, token.id), 0);
  return Math.max(added, library.model.vocab.length - 1);
}

function checkedIds(ids: readonly number[], maxId: number): Int32Array {
  const checked = new Int32Array(ids.length);
  ids.forEach((id, at) => {
    if (!Number.isInteger(id) || id < 0)
      throw tokenizerInvalid("it has no token, not even an unknown one, for a part of the text");
    if (id >= maxId) throw tokenizerInvalid(`it gives the id ${id}, but the model's vocabulary has ${maxId} tokens`);
    checked[at] = id;
  });
  return checked;
}
