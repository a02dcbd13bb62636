import { z } from "zod";
import { readBoundedFile } from "../files/regular-file.js";
import { shownValue } from "../files/shown-value.js";
import { fileOfFolder } from "../safetensors/shards.js";
import { MAX_TOKEN_ID, MAX_TOKENIZER_BYTES, MAX_TOKENIZER_CONFIG_BYTES, MAX_TOKENIZER_ENTRIES } from "./limits.js";
import { tokenizerInvalid } from "./tokenizer-invalid.js";

const tokenId = z.int().min(0).max(MAX_TOKEN_ID);
const addedToken = z.looseObject({
  id: tokenId,
  content: z.string().min(1),
  special: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
});

/** What we rely on in `tokenizer.json`; the library reads the rest. */
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedToken).max(MAX_TOKEN_ID).default([]),
  normalizer: z.unknown(),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  model: z.looseObject({ type: z.string().max(32).optional() }),
});
export type TokenizerJson = z.infer<typeof tokenizerSchema>;

const tokenName = z.union([z.string(), z.looseObject({ content: z.string() }).transform((t) => t.content)]).nullish();
const configSchema = z.looseObject({
  bos_token: tokenName,
  eos_token: tokenName,
  unk_token: tokenName,
  add_bos_token: z.boolean().nullish(),
  clean_up_tokenization_spaces: z.boolean().nullish(),
});
export type TokenizerConfigJson = z.infer<typeof configSchema>;

/** Reads and checks `tokenizer.json` of a model folder. `dir` and `linkRoots` are real paths. */
export async function readTokenizerJson(dir: string, linkRoots: readonly string[]): Promise<TokenizerJson> {
  const bytes = await readOf(dir, "tokenizer.json", MAX_TOKENIZER_BYTES, linkRoots);
  if (bytes === undefined) throw tokenizerInvalid("the model's folder has no 'tokenizer.json'");
  return parseTokenizerJson(bytes);
}

/** Checks the bytes of a `tokenizer.json`. Throws `TOKENIZER_INVALID`. */
export function parseTokenizerJson(bytes: Uint8Array): TokenizerJson {
  refuseTooManyEntries(bytes);
  const parsed = tokenizerSchema.safeParse(parseJson(bytes, "tokenizer.json"));
  if (!parsed.success) throw tokenizerInvalid(`'tokenizer.json' has an unexpected form (${firstIssue(parsed.error)})`);
  checkVocabulary(parsed.data.model["vocab"]);
  checkMerges(parsed.data.model["merges"]);
  return parsed.data;
}

/** Reads `tokenizer_config.json`; an empty one where there is none. */
export async function readTokenizerConfig(dir: string, linkRoots: readonly string[]): Promise<TokenizerConfigJson> {
  const bytes = await readOf(dir, "tokenizer_config.json", MAX_TOKENIZER_CONFIG_BYTES, linkRoots);
  return bytes === undefined ? {} : parseTokenizerConfig(bytes);
}

/** Checks the bytes of a `tokenizer_config.json`. Throws `TOKENIZER_INVALID`. */
export function parseTokenizerConfig(bytes: Uint8Array): TokenizerConfigJson {
  const parsed = configSchema.safeParse(parseJson(bytes, "tokenizer_config.json"));
  if (!parsed.success)
    throw tokenizerInvalid(`'tokenizer_config.json' has an unexpected form (${firstIssue(parsed.error)})`);
  return parsed.data;
}

async function readOf(
  dir: string,
  name: string,
  maxBytes: number,
  roots: readonly string[],
): Promise<Buffer | undefined> {
  const path = await fileOfFolder(dir, name, roots);
  if (path === undefined) return undefined;
  return await readBoundedFile(path, maxBytes, {
    missing: "TOKENIZER_INVALID",
    unreadable: "TOKENIZER_INVALID",
    label: name,
  });
}

function parseJson(bytes: Uint8Array, label: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw tokenizerInvalid(`'${label}' is not valid JSON`, cause);
  }
}

/** What every value of a JSON text but the first stands behind, or begins with. */
const ENTRY_MARKS = [",", "[", "{"].map((mark) => mark.charCodeAt(0));

/** Counts marks instead of parsing: parsing millions of entries takes seconds and a multiple of the file's memory. */
function refuseTooManyEntries(bytes: Uint8Array): void {
  let entries = 0;
  for (const mark of ENTRY_MARKS) {
    for (let at = bytes.indexOf(mark); at >= 0 && entries <= MAX_TOKENIZER_ENTRIES; at = bytes.indexOf(mark, at + 1)) {
      entries++;
    }
  }
  if (entries > MAX_TOKENIZER_ENTRIES)
    throw tokenizerInvalid(`'tokenizer.json' has more than ${MAX_TOKENIZER_ENTRIES} entries`);
}

const firstIssue = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return issue === undefined ? "unreadable" : `${issue.path.join(".") || "top level"}: ${issue.message}`;
};

function checkVocabulary(vocab: unknown): void {
  if (typeof vocab !== "object" || vocab === null) throw tokenizerInvalid("'tokenizer.json' has no vocabulary");
  if (Array.isArray(vocab)) return; // Unigram: a list of [token, score], ids are positions
  for (const [token, id] of Object.entries(vocab)) {
    if (!tokenId.safeParse(id).success) {
      throw tokenizerInvalid(`the token ${JSON.stringify(token.slice(0, 40))} has the id ${shownValue(id)}`);
    }
  }
}

function checkMerges(merges: unknown): void {
  if (merges === undefined) return;
  if (!Array.isArray(merges)) throw tokenizerInvalid("'merges' is not a list");
  const paired = Array.isArray(merges[0]);
  const bad = merges.findIndex(
    (merge) => !(paired ? isPair(merge) : typeof merge === "string" && /^[^ ]+ [^ ]+$/.test(merge)),
  );
  if (bad >= 0) throw tokenizerInvalid(`merge ${bad} is not a pair of tokens`);
}

const isPair = (merge: unknown): boolean =>
  Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === "string" && part.length > 0);
