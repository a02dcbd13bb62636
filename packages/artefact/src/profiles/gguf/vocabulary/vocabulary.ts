import { readFile, realpath } from "node:fs/promises";
import {
  loadTokenizer,
  type ModelFolder,
  readTokenizerConfig,
  readTokenizerJson,
  type TokenizerConfigJson,
  type TokenizerJson,
} from "@espalier/model";
import { carriedFiles, carriedPath } from "../../../folder/copied-files.js";
import { bool, type GgufMetadata, type GgufValue, string, uint32 } from "../../../gguf/metadata.js";
import { byteLevelVocabulary } from "./byte-level.js";
import { sentencePieceVocabulary } from "./sentencepiece.js";
import { stepsOf } from "./steps.js";
import { unfitTokenizer } from "./unfit-tokenizer.js";

/**
 * The tokenizer of a model folder as GGUF metadata. Throws AppError VALIDATION_FAILED for one that llama.cpp would not
 * follow token by token.
 */
export async function vocabulary(
  source: Pick<ModelFolder, "path" | "config">,
  linkRoots: readonly string[],
): Promise<GgufMetadata> {
  const root = await realpath(source.path);
  const roots = [root, ...(await Promise.all(linkRoots.map((link) => realpath(link))))];
  const [json, config] = [await readTokenizerJson(root, roots), await readTokenizerConfig(root, roots)];
  const { bosId, eosId, addsBos } = await loadTokenizer(root, { linkRoots });
  const { shape, bosTokenId, eosTokenIds } = source.config;
  const ids = new Map([
    ["bos", bosId ?? bosTokenId],
    ["eos", eosId ?? eosTokenIds[0]],
    ["unknown", idOf(json, config.unk_token)],
    ["padding", idOf(json, nameOf(config["pad_token"]))],
  ]);
  const template = await chatTemplate(root, config, linkRoots);
  return new Map<string, GgufValue>([
    ...wordsOf(json, shape.vocabSize),
    ...[...ids].flatMap(([name, id]) =>
      id === undefined ? [] : [[`tokenizer.ggml.${name}_token_id`, uint32(id)] as const],
    ),
    ["tokenizer.ggml.add_bos_token", bool(addsBos)],
    ["tokenizer.ggml.add_eos_token", bool(false)],
    ...(template === undefined ? [] : [["tokenizer.chat_template", string(template)] as const]),
  ]);
}

function wordsOf(json: TokenizerJson, vocabSize: number): GgufMetadata {
  const { type, byte_fallback: byteFallback } = json.model;
  if (type !== undefined && type !== "BPE") throw unfitTokenizer(`is of the type '${type}'`);
  if (byteFallback === true) return sentencePieceVocabulary(json, vocabSize);
  if (stepsOf(json.pre_tokenizer).some((step) => step["type"] === "ByteLevel")) {
    return byteLevelVocabulary(json, vocabSize);
  }
  throw unfitTokenizer("neither falls back to bytes nor works on them");
}

function idOf(json: TokenizerJson, token: string | null | undefined): number | undefined {
  if (token === null || token === undefined) return undefined;
  const added = json.added_tokens.find(({ content }) => content === token);
  return added?.id ?? (json.model["vocab"] as Record<string, number> | undefined)?.[token];
}

/** A token is named by its text, or by an object that holds it. */
const nameOf = (token: unknown): string | undefined => {
  if (typeof token === "string") return token;
  const content = typeof token === "object" && token !== null ? Reflect.get(token, "content") : undefined;
  return typeof content === "string" ? content : undefined;
};

/** Newer models keep the template in a file of its own. */
async function chatTemplate(
  root: string,
  config: TokenizerConfigJson,
  linkRoots: readonly string[],
): Promise<string | undefined> {
  const file = "chat_template.jinja";
  if ((await carriedFiles(root)).includes(file))
    return await readFile(await carriedPath(root, file, linkRoots), "utf8");
  const template = config["chat_template"];
  return typeof template === "string" ? template : undefined;
}
