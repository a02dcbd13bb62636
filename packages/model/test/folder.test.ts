import { existsSync } from "node:fs";
import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  eachWeight,
  expectedTensors,
  modelHash,
  openModel,
  readWeights,
  type TensorToWrite,
  tokenizerHash,
  writeSafetensors,
} from "@espalier/model";
import { describe, expect, it } from "vitest";
import { copyOfStories, sharedModels, stories260K, tinyConfig, tinyModel } from "./support/model-files.js";
import { refusal } from "./support/refusal.js";
import { temporaryFolder } from "./support/temporary-folder.js";

describe("a model folder", () => {
  it("is opened without its weights being read, and says what it holds", async () => {
    const model = await openModel(stories260K);
    expect(model).toMatchObject({ name: "stories260K", parameters: 260_032, sizeBytes: 1_044_992 });
    expect(model.config.shape).toMatchObject({ hiddenSize: 64, headDim: 8, vocabSize: 512, tiedEmbeddings: true });
    expect([...model.tensors.keys()]).toEqual(expectedTensors(model.config).map(({ name }) => name));
  });

  it("gives all its weights by name", async () => {
    const model = await openModel(stories260K);
    const weights = await readWeights(model);
    expect(weights.get("model.layers.4.mlp.down_proj.weight")).toHaveLength(64 * 172);
    expect([...weights.values()].reduce((sum, values) => sum + values.length, 0)).toBe(model.parameters);
  });

  it("can be written and read back as the same model", async () => {
    const model = await openModel(stories260K);
    const copy = await copyOfStories();
    const entries: TensorToWrite[] = [];
    for await (const [name, data] of eachWeight(model)) {
      entries.push({ name, dtype: "F32", shape: model.tensors.get(name)?.shape ?? [], data });
    }
    await writeSafetensors(join(copy, "model.safetensors"), entries);
    expect(await modelHash(await openModel(copy))).toBe(await modelHash(model));
  });

  it("may carry rotary frequencies, which are passed over", async () => {
    const dir = await tinyModel(tinyConfig, (tensors) => [
      ...tensors,
      { name: "model.layers.0.self_attn.rotary_emb.inv_freq", dtype: "F32", shape: [1], data: Float32Array.of(1) },
    ]);
    expect((await openModel(dir)).tensors.size).toBe(20);
  });

  it("of a pruned model with layers of unequal widths is opened", async () => {
    const layer = (heads: number, kvHeads: number, intermediate_size: number) => ({
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      intermediate_size,
    });
    const model = await openModel(
      await tinyModel({ ...tinyConfig, head_dim: 2, espalier_layers: [layer(2, 1, 0), layer(0, 0, 3)] }),
    );
    expect(model.config.uniform).toBe(false);
    expect(model.tensors.size).toBe(11);
  });

  it("has a hash that changes with one weight or one size, not with unrelated config keys", async () => {
    const hash = async (dir: string) => modelHash(await openModel(dir));
    const base = await hash(await tinyModel());
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(await hash(await tinyModel({ ...tinyConfig, transformers_version: "9" }))).toBe(base);
    expect(await hash(await tinyModel({ ...tinyConfig, rope_theta: 9999 }))).not.toBe(base);
    const nudged = await tinyModel(tinyConfig, ([first, ...rest]) => [
      { ...first, data: new Float32Array(128).fill(2) },
      ...rest,
    ]);
    expect(await hash(nudged)).not.toBe(base);
  });

  it("has a tokenizer hash of its own", async () => {
    const copy = await copyOfStories();
    const before = await tokenizerHash(copy);
    expect(await tokenizerHash(stories260K)).toBe(before);
    await writeFile(join(copy, "tokenizer_config.json"), "{}");
    expect(await tokenizerHash(copy)).not.toBe(before);
  });
});

describe("a model folder that cannot be used", () => {
  it("is refused when it is missing or is a file", async () => {
    expect((await refusal(openModel(join(await temporaryFolder(), "no")))).code).toBe("MODEL_NOT_FOUND");
    expect((await refusal(openModel(join(stories260K, "config.json")))).code).toBe("MODEL_NOT_FOUND");
    expect((await refusal(openModel(await temporaryFolder()))).code).toBe("MODEL_NOT_FOUND");
  });

  it.each(["pytorch_model.bin", "model.pt", "consolidated.00.pth", "last.ckpt"])(
    "is refused with only %s",
    async (file) => {
      const dir = await tinyModel();
      await rename(join(dir, "model.safetensors"), join(dir, file));
      const error = await refusal(openModel(dir));
      expect(error.code).toBe("MODEL_FORMAT_UNSAFE");
      expect(error.message).toContain(file);
      expect(error.message).toContain("safetensors");
    },
  );

  it("is refused without a config.json, or with one that is too large", async () => {
    const dir = await tinyModel();
    await writeFile(join(dir, "config.json"), " ".repeat(2 * 1024 * 1024));
    expect((await refusal(openModel(dir))).code).toBe("MODEL_CONFIG_INVALID");
    await rm(join(dir, "config.json"));
    expect((await refusal(openModel(dir))).code).toBe("MODEL_NOT_FOUND");
  });

  it("is refused when its config.json is a link that leaves it", async () => {
    const dir = await tinyModel();
    const elsewhere = await temporaryFolder();
    await rename(join(dir, "config.json"), join(elsewhere, "config.json"));
    await symlink(join(elsewhere, "config.json"), join(dir, "config.json"));
    expect((await refusal(openModel(dir))).code).toBe("MODEL_FILE_MALFORMED");
  });

  it("names the tensor that is missing, surplus or of another shape", async () => {
    const extra: TensorToWrite = { name: "model.surprise", dtype: "F32", shape: [1], data: Float32Array.of(1) };
    const reshape = ([first, ...rest]: TensorToWrite[]): TensorToWrite[] => [{ ...first, shape: [8, 16] }, ...rest];
    for (const [dir, named] of [
      [await tinyModel(tinyConfig, (tensors) => tensors.slice(1)), "model.embed_tokens.weight"],
      [await tinyModel(tinyConfig, (tensors) => [...tensors, extra]), "model.surprise"],
      [await tinyModel(tinyConfig, reshape), "[16, 8]"],
    ] as const) {
      const error = await refusal(openModel(dir));
      expect(error.code).toBe("MODEL_FILE_MALFORMED");
      expect(error.message).toContain(named);
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "with %s among its weights opens, and is refused by tensor when read",
    async (bad) => {
      const dir = await tinyModel(tinyConfig, (tensors) =>
        tensors.map((t) => (t.name.includes("1.mlp.up_proj") ? { ...t, data: new Float32Array(96).fill(bad, 7) } : t)),
      );
      const error = await refusal(readWeights(await openModel(dir)));
      expect(error.code).toBe("MODEL_WEIGHTS_NOT_FINITE");
      expect(error.message).toContain("'model.layers.1.mlp.up_proj.weight'");
      expect(error.message).toContain("position 7");
    },
  );
});

// The shared models are beside a development checkout only.
describe.skipIf(!existsSync(sharedModels))("the shared models", () => {
  it.each([
    ["stories260K", 260_032],
    ["stories3M", 3_148_224],
    ["aidreams260K", 230_976],
  ])("%s opens and has finite weights", async (name, parameters) => {
    const model = await openModel(join(sharedModels, name));
    expect(model.parameters).toBe(parameters);
    expect((await readWeights(model)).size).toBe(model.tensors.size);
  });
});
