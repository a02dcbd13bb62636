import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cutWindows, loadTokenizer, readTokens, type Tokenizer, windowHash } from "@espalier/model";
import { beforeAll, describe, expect, it } from "vitest";
import { examples, sharedCorpora, sharedLlama, sharedModels, stories260K } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";
import { temporaryFolder } from "./support/temporary-folder.js";

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadTokenizer(stories260K);
});

const train = join(examples.corpora, "tinystories-train.txt");
const part = (corpusPath: string, skipWindows: number, windows: number) => ({
  corpusPath,
  tokenizer,
  sequenceLength: 128,
  skipWindows,
  windows,
});

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  return path;
}

describe("windows of a text file", () => {
  it("follow one another through the tokens of the whole text, BOS only before the first", async () => {
    const { windows } = await cutWindows(part(train, 0, 700));
    const whole = tokenizer.encode(await readFile(train, "utf8"));
    expect(windows).toHaveLength(700);
    windows.forEach((window, i) => {
      expect(window).toEqual(whole.slice(i * 128, i * 128 + 128));
    });
    expect(windows[0][0]).toBe(tokenizer.bosId);
  });

  it("are the same whether they are cut at once or in parts", async () => {
    const all = await cutWindows(part(train, 0, 30));
    const later = await cutWindows(part(train, 20, 10));
    expect(later.windows).toEqual(all.windows.slice(20));
    expect(later.windows.map(windowHash)).toEqual(all.windows.slice(20).map(windowHash));
    expect(new Set(all.windows.map(windowHash)).size).toBe(30);
  });

  it("are cut without encoding the rest of the corpus", async () => {
    const { ids, exhausted } = await readTokens(train, tokenizer, 1000);
    expect(exhausted).toBe(false);
    expect(ids.length).toBeGreaterThanOrEqual(1000);
    expect(ids.length).toBeLessThan(8000);
  });

  it("are refused with both numbers when there are fewer than asked", async () => {
    const error = await refusal(cutWindows(part(train, 100, 1000)));
    expect(error.code).toBe("CORPUS_TOO_SHORT");
    expect(error.message).toMatch(/has \d+ windows of 128 tokens after the first 100, 1000 were asked for/);
  });

  it("of an empty file do not exist", async () => {
    expect((await refusal(cutWindows(part(await fileWith("a.txt", ""), 0, 1)))).code).toBe("CORPUS_TOO_SHORT");
  });

  it("are refused for text that is not UTF-8, an unknown format, or a file that is missing", async () => {
    const latin1 = await fileWith("a.txt", Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x20));
    expect((await refusal(cutWindows(part(latin1, 0, 1)))).code).toBe("CORPUS_MALFORMED");
    const pdf = await fileWith("a.pdf", "text");
    expect((await refusal(cutWindows(part(pdf, 0, 1)))).code).toBe("CORPUS_MALFORMED");
    expect((await refusal(cutWindows(part("nowhere/a.txt", 0, 1)))).code).toBe("CORPUS_NOT_FOUND");
  });

  it("come right from a file with a multi-byte character on the edge of what is read", async () => {
    const text = `${"日本語のテキスト。".repeat(6000)}end`;
    const path = await fileWith("a.txt", text);
    const { windows } = await cutWindows(part(path, 0, 40));
    const whole = tokenizer.encode(text);
    expect(windows[39]).toEqual(whole.slice(39 * 128, 40 * 128));
  });

  it("are refused by RangeError for sizes that make no sense", async () => {
    await expect(cutWindows(part(train, -1, 1))).rejects.toThrow(RangeError);
    await expect(cutWindows(part(train, 0, 0))).rejects.toThrow(RangeError);
  });
});

describe("windows of a JSON Lines file", () => {
  const lines = [
    `{"text":"One day."}`,
    "",
    `{"prefix":"A big ","gold_completion":"dog."}`,
    `{"text":""}`,
    `{"text":"The end"}`,
  ];

  it("join its documents, each behind its own BOS", async () => {
    const { ids, exhausted } = await readTokens(await fileWith("a.jsonl", lines.join("\n")), tokenizer, 1000);
    expect(exhausted).toBe(true);
    expect([...ids]).toEqual(["One day.", "A big dog.", "The end"].flatMap((text) => [...tokenizer.encode(text)]));
  });

  it("follow the protocol of LLM-Pruner when asked: a blank line between, BOS before the first alone", async () => {
    const path = await fileWith("a.jsonl", lines.join("\n"));
    const { ids } = await readTokens(path, tokenizer, 1000, "llm_pruner");
    expect(tokenizer.decode(ids)).toBe("One day.\n\nA big dog.\n\n\n\nThe end");
    expect([...ids].filter((id) => id === tokenizer.bosId)).toEqual([ids[0]]);
    const first = await readTokens(path, tokenizer, 2, "llm_pruner");
    expect([...first.ids]).toEqual([...ids.subarray(0, first.ids.length)]);
  });

  it.each([
    ["that is no JSON", "{oops"],
    ["without a text", `{"body":"x"}`],
    ["with a text that is a number", `{"text":7}`],
    ["that is a list", `["text"]`],
  ])("name the line %s", async (_, line) => {
    const path = await fileWith("a.jsonl", [...lines, line, lines[0]].join("\n"));
    const error = await refusal(cutWindows(part(path, 0, 1)));
    expect(error.code).toBe("CORPUS_MALFORMED");
    expect(error.message).toContain("line 6");
  });

  it("are refused for a line without end", async () => {
    const path = await fileWith("a.jsonl", `{"text":"${"x".repeat(17 * 1024 * 1024)}`);
    const error = await refusal(cutWindows(part(path, 0, 1)));
    expect(error.message).toContain("in line 1");
  });
});

describe.skipIf(!existsSync(sharedLlama))("windows of the shared corpora", () => {
  it.each(["stories260K", "stories3M", "aidreams260K"])(
    "with %s are the token ids of the golden numbers",
    async (name) => {
      const golden = JSON.parse(await readFile(join(sharedLlama, `${name}.json`), "utf8"));
      const { windows } = await cutWindows({
        ...part(join(sharedCorpora, "tinystories.valid.first-half.txt"), 0, 4),
        tokenizer: await loadTokenizer(join(sharedModels, name)),
        sequenceLength: 48,
      });
      expect(windows.map((window) => [...window])).toEqual(golden.input_ids);
    },
  );

  it("read the C4 sample, prefix and completion joined", async () => {
    const { windows } = await cutWindows(part(join(sharedCorpora, "c4-sample.jsonl"), 0, 50));
    expect(tokenizer.decode(windows[0])).toMatch(/^Total Grower Services recommend/);
  });
});
