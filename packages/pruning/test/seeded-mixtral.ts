import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DecoderShape } from "@espalier/contracts";
import { WeightStacks, writeSafetensors } from "@espalier/model";
import { streamRng } from "@espalier/search";

/** A Mixtral small enough for plain loops, with the vocabulary of the shipped model. */
export const mixtralConfig = {
  architectures: ["MixtralForCausalLM"],
  model_type: "mixtral",
  hidden_size: 16,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 4,
  num_local_experts: 5,
  num_experts_per_tok: 2,
  vocab_size: 512,
  max_position_embeddings: 128,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  hidden_act: "silu",
  sliding_window: null,
  tie_word_embeddings: false,
  bos_token_id: 1,
  eos_token_id: 2,
  torch_dtype: "float32",
};

/** The same as the decoder's shape. */
export const mixtralShape: DecoderShape = {
  hiddenSize: 16,
  headDim: 4,
  vocabSize: 512,
  maxPositions: 128,
  ropeTheta: 10_000,
  rmsNormEps: 1e-5,
  tiedEmbeddings: false,
  layers: Array.from({ length: 2 }, () => ({
    heads: 4,
    kvHeads: 2,
    intermediateSize: 60,
    experts: { count: 5, perToken: 2, normalised: true },
  })),
};

/** A tensor as a file has it. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Seeded tensors by Hugging Face name: norms around 1, routers so steep that tokens differ in their experts. */
export function mixtralTensors(seed = 1): Map<string, PlainTensor> {
  const rng = streamRng(seed, 0);
  const tensors = new Map<string, PlainTensor>();
  const add = (name: string, shape: readonly number[], scale: number, centre = 0): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = Float32Array.from({ length: count }, () => centre + scale * (2 * rng.next() - 1));
    tensors.set(name, { shape, data });
  };
  const { hidden_size: hidden, intermediate_size: channels, vocab_size: vocabulary } = mixtralConfig;
  add("model.embed_tokens.weight", [vocabulary, hidden], 1);
  for (let layer = 0; layer < mixtralConfig.num_hidden_layers; layer++) {
    const prefix = `model.layers.${layer}`;
    add(`${prefix}.input_layernorm.weight`, [hidden], 0.2, 1);
    for (const [name, out] of [
      ["q_proj", 16],
      ["k_proj", 8],
      ["v_proj", 8],
      ["o_proj", 16],
    ] as const) {
      add(`${prefix}.self_attn.${name}.weight`, [out, hidden], 0.5);
    }
    add(`${prefix}.post_attention_layernorm.weight`, [hidden], 0.2, 1);
    add(`${prefix}.block_sparse_moe.gate.weight`, [mixtralConfig.num_local_experts, hidden], 0.8);
    for (let expert = 0; expert < mixtralConfig.num_local_experts; expert++) {
      const of = `${prefix}.block_sparse_moe.experts.${expert}`;
      // Experts of unlike strength: scores then have something to tell apart.
      const scale = 0.3 + 0.15 * expert;
      add(`${of}.w1.weight`, [channels, hidden], scale);
      add(`${of}.w2.weight`, [hidden, channels], scale);
      add(`${of}.w3.weight`, [channels, hidden], scale);
    }
  }
  add("model.norm.weight", [hidden], 0.2, 1);
  add("lm_head.weight", [vocabulary, hidden], 0.4);
  return tensors;
}

/** Tensors as a decoder reads them. */
export function stacked(tensors: ReadonlyMap<string, PlainTensor>): Map<string, Float32Array> {
  const stacks = new WeightStacks(tensors.keys());
  for (const [name, { shape, data }] of tensors) stacks.set(name, shape, data);
  return stacks.weights;
}

/** Writes the model folder, with the tokenizer of the shipped model. */
export async function writeMixtral(folder: string, changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shipped = fileURLToPath(new URL("../../../examples/models/stories260K/", import.meta.url));
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    await copyFile(join(shipped, name), join(folder, name));
  await writeFile(join(folder, "config.json"), JSON.stringify({ ...mixtralConfig, ...changes }));
  const entries = [...mixtralTensors()].map(([name, { shape, data }]) => {
    return { name, shape, dtype: "F32" as const, data: () => data };
  });
  await writeSafetensors(join(folder, "model.safetensors"), entries);
}
