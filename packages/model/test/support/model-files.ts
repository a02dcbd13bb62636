import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expectedTensors, parseConfig, type TensorToWrite, writeSafetensors } from "@espalier/model";
import { temporaryFolder } from "./temporary-folder.js";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

export const examples = { models: fromRoot("examples/models"), corpora: fromRoot("examples/corpora") };
export const stories260K = join(examples.models, "stories260K");
export const sharedModels = fromRoot("../shared/data/models");
export const sharedCorpora = fromRoot("../shared/data/corpora");
export const sharedLlama = fromRoot("../shared/fixtures/llama");

export const tinyConfig = {
  model_type: "llama",
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 16,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
};

/** Tensors of a config with values that depend on the position only. */
export function tinyTensors(config: object): TensorToWrite[] {
  return expectedTensors(parseConfig(JSON.stringify(config))).map(({ name, shape }) => {
    const length = shape.reduce((n, size) => n * size, 1);
    return { name, dtype: "F32", shape, data: Float32Array.from({ length }, (_, i) => Math.sin(i)) };
  });
}

/** A model folder in a fresh place; `change` may alter the tensors before they are written. */
export async function tinyModel(
  config: object = tinyConfig,
  change: (tensors: TensorToWrite[]) => TensorToWrite[] = (tensors) => tensors,
): Promise<string> {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "config.json"), JSON.stringify(config));
  await writeSafetensors(join(dir, "model.safetensors"), change(tinyTensors(config)));
  return dir;
}

/** A writable copy of the shipped model. */
export async function copyOfStories(): Promise<string> {
  const dir = join(await temporaryFolder(), "stories260K");
  await cp(stories260K, dir, { recursive: true });
  return dir;
}
