import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openModel } from "@espalier/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assertProfilesFit } from "../src/index.js";
import { vocabulary } from "../src/profiles/gguf/vocabulary/vocabulary.js";
import { byteLevelTokenizer, splittings } from "./support/byte-level-tokenizer.js";
import { corpusPath, modelPath } from "./support/export-context.js";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-vocabulary-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Tokenizer {
  readonly [key: string]: unknown;
  readonly added_tokens: readonly object[];
  readonly model: Readonly<Record<string, unknown>> & {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
}

/** Metadata of the shipped model with a changed tokenizer. */
async function metadataOf(
  change: (tokenizer: Tokenizer) => object = (same) => same,
  more: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const path = await mkdtemp(join(root, "model-"));
  await cp(modelPath, path, { recursive: true });
  const file = join(path, "tokenizer.json");
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, "utf8")))));
  for (const [name, text] of Object.entries(more)) await writeFile(join(path, name), text);
  const metadata = await vocabulary(await openModel(path), []);
  return Object.fromEntries([...metadata].map(([key, { value }]) => [key.replace("tokenizer.", ""), value]));
}

const withModel = (tokenizer: Tokenizer, model: object): object => ({
  ...tokenizer,
  model: { ...tokenizer.model, ...model },
});

describe("the vocabulary of a SentencePiece kind of tokenizer", () => {
  it("has a score by the rank of its first merge and a type for every token", async () => {
    const words = await metadataOf();
    const tokens = words["ggml.tokens"] as readonly string[];
    const [scores, types] = [words["ggml.scores"] as readonly number[], words["ggml.token_type"] as readonly number[]];
    const said = (token: string) => [scores[tokens.indexOf(token)], types[tokens.indexOf(token)]];
    expect(["<unk>", "<s>", "<0x0A>", "▁t", "he", "e"].map(said)).toEqual([
      [-0, 2],
      [-0, 3],
      [-0, 6],
      [-0, 1],
      [-1, 1],
      [-0, 1],
    ]);
    expect(tokens).toHaveLength(512);
    expect(words).toMatchObject({
      "ggml.model": "llama",
      "ggml.bos_token_id": 1,
      "ggml.eos_token_id": 2,
      "ggml.unknown_token_id": 0,
      "ggml.add_bos_token": true,
      "ggml.add_space_prefix": true,
    });
  });

  it("knows the newer way to mark spaces, users' tokens, and a chat template of its own file", async () => {
    const words = await metadataOf(
      (tokenizer) => ({
        ...tokenizer,
        normalizer: null,
        pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "never", split: false },
        added_tokens: [...tokenizer.added_tokens, { id: 511, content: "two▁words", special: false }],
      }),
      { "chat_template.jinja": "{{ messages }}" },
    );
    expect(words).toMatchObject({ "ggml.add_space_prefix": false, chat_template: "{{ messages }}" });
    expect((words["ggml.tokens"] as readonly string[])[511]).toBe("two words");
    expect((words["ggml.token_type"] as readonly number[])[511]).toBe(4);
  });

  it.each<readonly [string, (tokenizer: Tokenizer) => object, RegExp]>([
    ["a missing merge", (t) => withModel(t, { merges: t.model.merges.slice(1) }), /no merge of them/],
    ["merges of one token far apart", (t) => withModel(t, { merges: [...t.model.merges, t.model.merges[0]] }), /apart/],
    ["a missing byte", (t) => withModel(t, { vocab: { ...t.model.vocab, "<0x0A>": undefined } }), /no token <0x0A>/],
    ["an id beyond the embedding", (t) => ({ ...t, added_tokens: [{ id: 512, content: "<x>" }] }), /the id 512/],
    ["another kind", (t) => withModel(t, { type: "WordPiece", byte_fallback: undefined }), /of the type 'WordPiece'/],
    ["a normaliser", (t) => ({ ...t, normalizer: { type: "Lowercase" } }), /'Lowercase'/],
    ["spaces left alone", (t) => ({ ...t, normalizer: null }), /does not mark spaces/],
    ["neither bytes nor fallback", (t) => withModel(t, { byte_fallback: false }), /neither falls back/],
  ])("is refused with what fits for %s", async (_, change, message) => {
    await expect(metadataOf(change)).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      message: expect.stringMatching(message),
      errors: [{ pointer: "/export/profiles" }],
    });
    await expect(metadataOf(change)).rejects.toThrow(/Export 'native', 'uniform' or 'padded'/);
  });
});

describe("the vocabulary of a byte-level tokenizer", () => {
  let text: string;
  beforeAll(async () => {
    text = (await readFile(corpusPath, "utf8")).slice(0, 4000);
  });

  it("has merges, and fills the rows of the embedding that no token has", async () => {
    const words = await metadataOf(() => byteLevelTokenizer(text, splittings["llama-bpe"]));
    expect(words).toMatchObject({ "ggml.model": "gpt2", "ggml.pre": "llama-bpe" });
    expect((words["ggml.tokens"] as readonly string[])[511]).toBe("[PAD511]");
    expect((words["ggml.token_type"] as readonly number[])[511]).toBe(5);
    expect((words["ggml.merges"] as readonly string[])[0]).toMatch(/^\S+ \S+$/);
  });

  it.each([
    ["a rule without a name", { pre_tokenizer: { type: "ByteLevel", add_prefix_space: true } }],
    ["merges that are skipped under a rule that has them", { ...splittings["gpt-2"], ignore_merges: true }],
  ])("is refused for %s", async (_, splitting) => {
    const refused = metadataOf(() => byteLevelTokenizer(text, splitting));
    await expect(refused).rejects.toThrow(/splits texts by 'ByteLevel'/);
  });
});

describe("a job", () => {
  it("learns at its start that its model's tokenizer does not fit into a form that it asks for", async () => {
    const path = await mkdtemp(join(root, "model-"));
    await cp(modelPath, path, { recursive: true });
    const bounds = { equalLayers: false, addsBiases: true };
    await assertProfilesFit(path, ["native", "gguf"], [], bounds);
    const file = join(path, "tokenizer.json");
    const tokenizer = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...tokenizer, normalizer: { type: "Lowercase" } }));
    await expect(assertProfilesFit(path, ["native", "gguf"], [], bounds)).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
    });
    await assertProfilesFit(path, ["native", "uniform", "padded"], [], bounds);
  });
});
