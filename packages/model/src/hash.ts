import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { readBoundedFile } from "./files/regular-file.js";
import type { ModelFolder } from "./folder.js";
import type { TensorInfo } from "./safetensors/header.js";
import { tensorBytes } from "./safetensors/read.js";
import { fileOfFolder } from "./safetensors/shards.js";
import { MAX_TOKENIZER_BYTES } from "./tokenizer/limits.js";

/**
 * SHA-256 (hex) of what a model computes: family, shape, token ids and every tensor with name, dtype, shape and bytes.
 * It does not depend on how the tensors are spread over files, nor on tensors that the config does not ask for.
 */
export async function modelHash(folder: Pick<ModelFolder, "config" | "tensors">): Promise<string> {
  const hasher = new ModelHasher(folder.config);
  for (const tensor of folder.tensors.values()) {
    hasher.begin(tensor);
    for await (const chunk of tensorBytes(tensor)) hasher.update(chunk);
  }
  return hasher.digest();
}

/** `modelHash` for whoever reads the tensors anyway: of each in the folder's order its facts, then its bytes. */
export class ModelHasher {
  readonly #hash = createHash("sha256");

  constructor({ family, shape, bosTokenId, eosTokenIds }: ModelFolder["config"]) {
    // Biases and norms show in the list of tensors.
    const facts = ["espalier model 1", family, canonicalShape(shape), bosTokenId ?? null, eosTokenIds];
    this.#hash.update(JSON.stringify(facts));
  }

  begin({ name, dtype, shape }: TensorInfo): void {
    this.#hash.update(JSON.stringify([name, dtype, shape]));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}

function canonicalShape(shape: ModelFolder["config"]["shape"]): readonly unknown[] {
  const layers = shape.layers.map(({ heads, kvHeads, intermediateSize }) => [heads, kvHeads, intermediateSize]);
  const { hiddenSize, headDim, vocabSize, maxPositions, ropeTheta, rmsNormEps, tiedEmbeddings } = shape;
  const common = [hiddenSize, headDim, vocabSize, maxPositions, ropeTheta, rmsNormEps, tiedEmbeddings, layers];
  const windows = shape.layers.map(({ slidingWindow }) => slidingWindow ?? null);
  const noWindow = windows.every((window) => window === null);
  const experts = shape.layers.map((layer) => layer.experts ?? null);
  const dense = experts.every((mixture) => mixture === null) ? [] : [experts];
  if (shape.ropeScaling === undefined && noWindow) return [...common, ...dense];
  return [...common, shape.ropeScaling ?? null, windows, ...dense];
}

/** The files that decide how text becomes tokens. */
export const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"] as const;

/** SHA-256 (hex) over the names and bytes of the tokenizer's files that exist. Throws `TOKENIZER_INVALID`. */
export async function tokenizerHash(dir: string): Promise<string> {
  const hash = createHash("sha256");
  const root = await realpath(dir);
  for (const name of tokenizerFiles) {
    const path = await fileOfFolder(root, name, [root]);
    if (path === undefined) continue;
    const bytes = await readBoundedFile(path, MAX_TOKENIZER_BYTES, {
      missing: "TOKENIZER_INVALID",
      unreadable: "TOKENIZER_INVALID",
      label: name,
    });
    hash.update(JSON.stringify([name, bytes.byteLength])).update(bytes);
  }
  return hash.digest("hex");
}
