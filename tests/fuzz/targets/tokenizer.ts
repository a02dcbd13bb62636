import fc from "fast-check";
import { buildTokenizer } from "../../../packages/model/src/tokenizer/load-tokenizer.js";
import { parseTokenizerConfig, parseTokenizerJson } from "../../../packages/model/src/tokenizer/tokenizer-files.js";
import { accepted, type FuzzTarget, must } from "../fuzz-target.js";
import { changedBytes, changedJson } from "../mutate.js";

const pieces = ["<unk>", "<s>", "</s>", "▁", "a", "b", "c", "ab", "▁ab", "▁abc"];
const bpe = {
  version: "1.0",
  added_tokens: pieces.slice(0, 3).map((content, id) => ({ id, content, special: true, lstrip: false, rstrip: false })),
  normalizer: {
    type: "Sequence",
    normalizers: [
      { type: "Prepend", prepend: "▁" },
      { type: "Replace", pattern: { String: " " }, content: "▁" },
    ],
  },
  pre_tokenizer: null,
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [{ Sequence: { id: "A", type_id: 0 } }],
    special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
  },
  decoder: { type: "Replace", pattern: { String: "▁" }, content: " " },
  model: {
    type: "BPE",
    unk_token: "<unk>",
    fuse_unk: true,
    byte_fallback: true,
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    merges: [
      ["a", "b"],
      ["▁", "ab"],
      ["▁ab", "c"],
    ],
  },
};
const byteLevel = {
  ...bpe,
  normalizer: null,
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [
      { type: "Split", pattern: { Regex: "[a-c]+| " }, behavior: "Isolated", invert: false },
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
  decoder: { type: "ByteLevel" },
  model: { ...bpe.model, merges: ["a b", "▁ ab"] },
};
const unigram = {
  ...bpe,
  model: { type: "Unigram", unk_id: 0, vocab: pieces.map((piece, id) => [piece, -id]) },
};

const documents = fc.constantFrom<unknown>(bpe, byteLevel, unigram);
const valid = documents.map((document) => new TextEncoder().encode(JSON.stringify(document)));
const words = ["Metaspace", "NFC", "WordPiece", "Whitespace", "Precompiled", "Regex", "Sequence", "ByteLevel"];
const config = parseTokenizerConfig(new TextEncoder().encode('{"bos_token":"<s>","eos_token":{"content":"</s>"}}'));

const TEXT = "ab abc <s> d\n";

/** tokenizer.json: an accepted one encodes to ids that are numbers, or says that it cannot. */
export const tokenizer: FuzzTarget = {
  name: "tokenizer",
  inputs: fc.oneof(
    changedBytes(valid, words),
    changedJson(documents, ["type", "model", "ids", "vocab", "normalizers"]),
  ),
  async check(input) {
    const ids = await accepted(() => {
      const built = buildTokenizer(parseTokenizerJson(input), config, 1000);
      const encoded = built.encode(TEXT, { bos: false });
      built.decode(encoded);
      built.encodePrefix(TEXT, 2, true);
      return encoded;
    });
    must(ids?.every((id) => id >= 0 && id < 1000) ?? true, `ids ${ids?.join()}`);
  },
};
