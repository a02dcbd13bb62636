import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { loadTokenizer, openModel } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { copyOfStories, tinyModel } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";

const GIB = 1024 ** 3;

/** Makes a file long without writing it: a hole reads as zeros and takes no room. */
async function withHole(path: string, begin: Uint8Array, size: number): Promise<void> {
  const file = await open(path, "w");
  await file.write(begin);
  await file.truncate(size);
  await file.close();
}

/** Most memory that may come with a refusal: far less than any of the files. */
const ALLOWED_GROWTH = 200 * 1024 * 1024;

async function grownBy(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  await work();
  return process.memoryUsage.rss() - before;
}

describe("a file of several gibibytes", () => {
  it.each([
    ["a header of its whole length", "model.safetensors", 8 * GIB, 8 * GIB - 8],
    ["a header of 17 MiB", "model.safetensors", 8 * GIB, 17 * 1024 * 1024],
    ["no header", "model.safetensors", 8 * GIB, 0],
  ])("of weights with %s is refused without being read", async (_, name, size, header) => {
    const dir = await tinyModel();
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header));
    await withHole(join(dir, name), length, size);
    const growth = await grownBy(async () => expect((await refusal(openModel(dir))).code).toBe("MODEL_FILE_MALFORMED"));
    expect(growth).toBeLessThan(ALLOWED_GROWTH);
  });

  it("for a config.json, an index or a tokenizer is refused without being read", async () => {
    const dir = await copyOfStories();
    await withHole(join(dir, "config.json"), Buffer.from("{"), 4 * GIB);
    const config = async () => expect((await refusal(openModel(dir))).code).toBe("MODEL_CONFIG_INVALID");
    const index = async () => {
      await rename(join(dir, "model.safetensors"), join(dir, "elsewhere"));
      await withHole(join(dir, "model.safetensors.index.json"), Buffer.from("{"), 4 * GIB);
      expect((await refusal(openModel(dir))).code).toBe("MODEL_FILE_MALFORMED");
    };
    const tokenizer = async () => {
      await withHole(join(dir, "tokenizer.json"), Buffer.from("{"), 4 * GIB);
      expect((await refusal(loadTokenizer(dir))).code).toBe("TOKENIZER_INVALID");
    };
    for (const refused of [config, index, tokenizer]) expect(await grownBy(refused)).toBeLessThan(ALLOWED_GROWTH);
  });
});
