import { existsSync } from "node:fs";
import { cp, mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadTokenizer } from "@espalier/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constructLibrary } from "../src/tokenizer/library.js";
import { copyOfStories, examples, sharedCorpora, sharedModels, stories260K } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const sharedLlama2 = join(sharedModels, "../tokenizers/llama2/tokenizer.json");

/** The library as it comes, without our cutting. */
async function plainLibrary(dir: string) {
  const json = JSON.parse(await readFile(join(dir, "tokenizer.json"), "utf8"));
  const library = constructLibrary(json, {});
  return (text: string): number[] => [...library.encode(text, { add_special_tokens: false }).ids];
}

const bare = { bos: false };

describe("a tokenizer", () => {
  it("encodes and decodes, with BOS as its configuration says", async () => {
    const tokenizer = await loadTokenizer(stories260K);
    expect(tokenizer).toMatchObject({ vocabSize: 512, bosId: 1, eosId: 2, addsBos: true });
    const ids = tokenizer.encode("Once upon a time");
    expect([...ids]).toEqual([1, ...tokenizer.encode("Once upon a time", bare)]);
    expect(tokenizer.decode(ids)).toBe("Once upon a time");
    expect(tokenizer.decode([1, 2], { special: true })).toBe("<s></s>");
    expect(tokenizer.decode([])).toBe("");
    expect([...tokenizer.encode("")]).toEqual([1]);
  });

  it("gives for a long real text the ids that the library gives for the whole of it", async () => {
    const text = (await readFile(join(examples.corpora, "tinystories-train.txt"), "utf8")).slice(0, 60_000);
    const [tokenizer, plain] = [await loadTokenizer(stories260K), await plainLibrary(stories260K)];
    expect([...tokenizer.encode(text, bare)]).toEqual(plain(text));
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it("gives the library's ids for any text, special tokens, spaces and other scripts among it", async () => {
    const [tokenizer, plain] = [await loadTokenizer(stories260K), await plainLibrary(stories260K)];
    const part = fc.oneof(
      fc.constantFrom(" ", "  ", "\n", "<s>", "</s>", "the", "ing", "▁", "\u00a0", "é", "日本", "😀", "<", "s>"),
      fc.string({ unit: "grapheme", maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        expect([...tokenizer.encode(parts.join(""), bare)]).toEqual(plain(parts.join("")));
      }),
      { numRuns: 500 },
    );
  });

  it("encodes the beginning of a text to the beginning of its ids, whether more follows or not", async () => {
    const tokenizer = await loadTokenizer(stories260K);
    const part = fc.constantFrom("the ", "<s>", "</s>", "  ", "a😀", "ing", "\n\n", "<", "/s", "▁ ", "One day, ");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), fc.nat(30), fc.nat(400), (parts, tokens, at) => {
        const text = parts.join("");
        const whole = tokenizer.encode(text, bare);
        const prefix = tokenizer.encodePrefix(text, tokens) ?? [];
        expect([...prefix]).toEqual([...whole.subarray(0, prefix.length)]);
        expect(prefix.length).toBeGreaterThanOrEqual(Math.min(tokens, whole.length));
        const open = tokenizer.encodePrefix(text.slice(0, at), 1e6, true) ?? [];
        expect([...open]).toEqual([...whole.subarray(0, open.length)]);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses ids that the model has no embedding for", async () => {
    const tokenizer = await loadTokenizer(stories260K, { vocabSize: 300 });
    const error = await refusal(() => tokenizer.encode("Once upon a time"));
    expect(error.code).toBe("TOKENIZER_INVALID");
    expect(error.message).toContain("300");
  });
});

describe.skipIf(!existsSync(sharedCorpora))("a tokenizer with a large vocabulary, on real text", () => {
  it("of 4,096 and of 32,000 tokens gives the library's ids", async () => {
    const llama2 = await temporaryFolder();
    await cp(sharedLlama2, join(llama2, "tokenizer.json"));
    const text = (await readFile(join(sharedCorpora, "wikitext2-raw.test.even-articles.txt"), "utf8")).slice(0, 50_000);
    for (const dir of [join(sharedModels, "stories3M"), llama2]) {
      const [tokenizer, plain] = [await loadTokenizer(dir), await plainLibrary(dir)];
      expect([...tokenizer.encode(text, bare)]).toEqual(plain(text));
    }
  });

  it("encodes 700 kB in one call", async () => {
    const text = await readFile(join(sharedCorpora, "tinystories.train-head.calib.txt"), "utf8");
    const tokenizer = await loadTokenizer(join(sharedModels, "stories3M"));
    expect(tokenizer.encode(text).length).toBeGreaterThan(180_000);
  });
});

describe("a tokenizer that cannot be used", () => {
  const withJson = async (change: (json: Record<string, never>) => unknown): Promise<string> => {
    const dir = await copyOfStories();
    const json = JSON.parse(await readFile(join(dir, "tokenizer.json"), "utf8"));
    await writeFile(join(dir, "tokenizer.json"), JSON.stringify(change(json)));
    return dir;
  };

  it("is refused when it is missing or no JSON object", async () => {
    const empty = join(await temporaryFolder(), "empty");
    await mkdir(empty);
    expect((await refusal(loadTokenizer(empty))).code).toBe("TOKENIZER_INVALID");
    const dir = await copyOfStories();
    for (const text of ["", "[]", "{}", "nonsense", `{"model":null}`, `{"model":{"type":"BPE"}}`]) {
      await writeFile(join(dir, "tokenizer.json"), text);
      expect((await refusal(loadTokenizer(dir))).code).toBe("TOKENIZER_INVALID");
    }
  });

  it("is refused unread when it has 500 MB, and unparsed when it has millions of entries", async () => {
    const dir = await copyOfStories();
    await truncate(join(dir, "tokenizer.json"), 500 * 1024 * 1024);
    expect((await refusal(loadTokenizer(dir))).message).toContain("524288000 bytes");
    await writeFile(join(dir, "tokenizer.json"), `{"model":{"vocab":[${"0,".repeat(10_000_000)}0]}}`);
    expect((await refusal(loadTokenizer(dir))).message).toContain("entries");
    await writeFile(join(dir, "tokenizer.json"), `{"normalizer":${"[".repeat(10_000_000)}`);
    expect((await refusal(loadTokenizer(dir))).message).toContain("entries");
  });

  it.each<[string, (json: Record<string, never>) => unknown]>([
    ["an id that is negative", (json) => ({ ...json, model: { ...(json["model"] as object), vocab: { a: -1 } } })],
    ["an id that is huge", (json) => ({ ...json, model: { ...(json["model"] as object), vocab: { a: 1e12 } } })],
    ["an id that is text", (json) => ({ ...json, model: { ...(json["model"] as object), vocab: { a: "1" } } })],
    [
      "merges of three parts",
      (json) => ({ ...json, model: { ...(json["model"] as object), merges: [["a", "b", "c"]] } }),
    ],
    ["merges that are numbers", (json) => ({ ...json, model: { ...(json["model"] as object), merges: [1] } })],
    ["added tokens without text", (json) => ({ ...json, added_tokens: [{ id: 1, content: "" }] })],
    ["an unknown normaliser", (json) => ({ ...json, normalizer: { type: "Nonsense" } })],
    ["an unknown model", (json) => ({ ...json, model: { type: "Nonsense" } })],
  ])("is refused with %s", async (_, change) => {
    expect((await refusal(withJson(change).then((dir) => loadTokenizer(dir)))).code).toBe("TOKENIZER_INVALID");
  });

  it("is refused when a folder is not there", async () => {
    expect((await refusal(loadTokenizer(join(await temporaryFolder(), "no")))).code).toBe("MODEL_NOT_FOUND");
  });
});
