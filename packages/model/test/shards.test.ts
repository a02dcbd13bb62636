import { execFileSync } from "node:child_process";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modelHash, openModel, readHashedWeights, readWeights, writeSafetensors } from "@espalier/model";
import { describe, expect, it } from "vitest";
import { tinyConfig, tinyModel, tinyTensors } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const index = (map: Record<string, unknown>): string =>
  JSON.stringify({ metadata: { total_size: 1 }, weight_map: map });
const names = tinyTensors(tinyConfig).map(({ name }) => name);

/** A folder whose two shards hold the tensors alternately; `indexText` replaces the index. */
async function shardedModel(indexText?: string): Promise<string> {
  const dir = await temporaryFolder();
  const tensors = tinyTensors(tinyConfig);
  const shard = (i: number) => `model-0000${(i % 2) + 1}-of-00002.safetensors`;
  await writeFile(join(dir, "config.json"), JSON.stringify(tinyConfig));
  for (const rest of [0, 1]) {
    await writeSafetensors(
      join(dir, shard(rest)),
      tensors.filter((_, i) => i % 2 === rest),
    );
  }
  const map = Object.fromEntries(names.map((name, i) => [name, shard(i)]));
  await writeFile(join(dir, "model.safetensors.index.json"), indexText ?? index(map));
  return dir;
}

const allIn = (shard: unknown): string => index(Object.fromEntries(names.map((name) => [name, shard])));

describe("a sharded model", () => {
  it("reads as the same model in one file, with the same hash", async () => {
    const sharded = await openModel(await shardedModel());
    const single = await openModel(await tinyModel());
    expect(sharded.weightFiles).toHaveLength(2);
    expect(await readWeights(sharded)).toEqual(await readWeights(single));
    expect(await modelHash(sharded)).toBe(await modelHash(single));
    const { weights, modelHash: hash } = await readHashedWeights(sharded);
    expect(hash).toBe(await modelHash(single));
    expect(weights).toEqual(await readWeights(single));
  });

  it.each([
    ["outside the folder", allIn("../model.safetensors")],
    ["in a subfolder", allIn("sub/model.safetensors")],
    ["absolute", allIn("/etc/model.safetensors")],
    ["with a NUL", allIn("a\0.safetensors")],
    ["with a backslash", allIn("..\\a.safetensors")],
    ["hidden", allIn(".safetensors")],
    ["of another format", allIn("pytorch_model.bin")],
    ["that is no text", allIn(7)],
  ])("with a shard %s is refused by its name", async (_, text) => {
    const error = await refusal(openModel(await shardedModel(text)));
    expect(error.code).toBe("MODEL_FILE_MALFORMED");
    expect(error.message).toContain("a shard is a plain '.safetensors' file name");
  });

  it.each([
    ["that does not exist", allIn("model-9.safetensors")],
    ["that lacks the tensor", allIn("model-00001-of-00002.safetensors")],
    ["with the key __proto__", `{"weight_map":{"__proto__":"model-00001-of-00002.safetensors"}}`],
    ["named twice", `{"weight_map":{"a":"model-00001-of-00002.safetensors","a":"model-00002-of-00002.safetensors"}}`],
    ["in an index that is not JSON", "weights"],
    ["in an index without a map", "{}"],
    ["missing from the index", index({ [names[0]]: "model-00001-of-00002.safetensors" })],
  ])("with a shard %s is refused", async (_, text) => {
    const error = await refusal(openModel(await shardedModel(text)));
    expect(error.code).toBe("MODEL_FILE_MALFORMED");
  });

  it("with a shard that is a link out of the folder is refused, unless the link's place is allowed", async () => {
    const dir = await shardedModel();
    const elsewhere = await temporaryFolder();
    const shard = "model-00001-of-00002.safetensors";
    await rename(join(dir, shard), join(elsewhere, "blob"));
    await symlink(join(elsewhere, "blob"), join(dir, shard));
    const error = await refusal(openModel(dir));
    expect(error.code).toBe("MODEL_FILE_MALFORMED");
    expect(error.message).toContain("link");
    expect((await openModel(dir, { linkRoots: [elsewhere] })).parameters).toBeGreaterThan(0);
  });

  it.skipIf(process.platform === "win32")(
    "with a FIFO or a link out of the folder for an index is refused",
    async () => {
      const dir = await shardedModel();
      const index = join(dir, "model.safetensors.index.json");
      await rename(index, join(await temporaryFolder(), "index.json"));
      execFileSync("mkfifo", [index]);
      expect((await refusal(openModel(dir))).code).toBe("MODEL_FILE_MALFORMED");
      await rm(index);
      await symlink("/etc/hostname", index);
      expect((await refusal(openModel(dir))).code).toBe("MODEL_FILE_MALFORMED");
    },
  );

  it.skipIf(process.platform === "win32")(
    "with a FIFO or a folder for a shard is refused, without waiting",
    async () => {
      const dir = await shardedModel();
      const shard = join(dir, "model-00002-of-00002.safetensors");
      await rm(shard);
      execFileSync("mkfifo", [shard]);
      expect((await refusal(openModel(dir))).code).toBe("MODEL_FILE_MALFORMED");
      await rm(shard);
      await mkdir(shard);
      expect((await refusal(openModel(dir))).code).toBe("MODEL_FILE_MALFORMED");
    },
  );
});
