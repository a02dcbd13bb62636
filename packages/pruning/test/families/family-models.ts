import { expectedTensors, parseConfig, WeightStacks } from "@espalier/model";
import type { PlainConfig } from "./plain-decoder.js";

const common = {
  hidden_size: 12,
  intermediate_size: 10,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 4,
  vocab_size: 23,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  rope_theta: 100,
  tie_word_embeddings: false,
};
const llama3 = {
  rope_type: "llama3",
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 16,
} as const;

/** Every family with each of its options, by name. */
export const familyConfigs: Readonly<Record<string, PlainConfig>> = {
  "llama, multi-head, tied": { ...common, model_type: "llama", num_key_value_heads: 4, tie_word_embeddings: true },
  "llama, grouped queries": { ...common, model_type: "llama" },
  "llama, one key-value head": { ...common, model_type: "llama", num_key_value_heads: 1 },
  "llama, linear rope": { ...common, model_type: "llama", rope_scaling: { rope_type: "linear", factor: 3 } },
  // Eight pairs, so that some are kept, some stretched and some in between.
  "llama, llama3 rope": { ...common, model_type: "llama", head_dim: 16, rope_theta: 1000, rope_scaling: llama3 },
  "llama, biases everywhere": { ...common, model_type: "llama", ...{ attention_bias: true, mlp_bias: true } },
  "mistral, a window": { ...common, model_type: "mistral", sliding_window: 4 },
  "mistral, no window, wide heads, tied": {
    ...common,
    model_type: "mistral",
    sliding_window: null,
    head_dim: 6,
    tie_word_embeddings: true,
  },
  "qwen2, tied": { ...common, model_type: "qwen2", tie_word_embeddings: true },
  "qwen2, windows from a layer on": {
    ...common,
    model_type: "qwen2",
    use_sliding_window: true,
    sliding_window: 3,
    max_window_layers: 1,
  },
  "qwen2, a window switched off, one key-value head": {
    ...common,
    model_type: "qwen2",
    use_sliding_window: false,
    sliding_window: 3,
    max_window_layers: 0,
    num_key_value_heads: 1,
  },
  "qwen3, wide heads": { ...common, model_type: "qwen3", head_dim: 8 },
  "qwen3, biases, windows by layer, linear rope, tied": {
    ...common,
    model_type: "qwen3",
    ...{ attention_bias: true },
    use_sliding_window: true,
    sliding_window: 5,
    layer_types: ["sliding_attention", "full_attention", "sliding_attention"],
    rope_scaling: { rope_type: "linear", factor: 2 },
    tie_word_embeddings: true,
  },
  mixtral: {
    ...common,
    model_type: "mixtral",
    ...{ num_local_experts: 5, intermediate_size: 6 },
    num_experts_per_tok: 2,
  },
  "mixtral, one expert a token, a window": {
    ...common,
    model_type: "mixtral",
    ...{ num_local_experts: 3 },
    num_experts_per_tok: 1,
    sliding_window: 4,
  },
  "qwen3_moe, shares among all experts, a dense layer": {
    ...common,
    model_type: "qwen3_moe",
    ...{ num_experts: 6, moe_intermediate_size: 4, mlp_only_layers: [1] },
    num_experts_per_tok: 3,
  },
  "qwen3_moe, shares that sum to 1, every other layer": {
    ...common,
    model_type: "qwen3_moe",
    ...{ num_experts: 4, moe_intermediate_size: 5, decoder_sparse_step: 2 },
    num_experts_per_tok: 2,
    norm_topk_prob: true,
  },
};

/** Numbers in [−1, 1) from a linear congruential generator (Numerical Recipes), float32 values. */
export function seededNumbers(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Weights of a config: the same in every run. Norms around 1, so that they are seen to be read. */
export function seededWeights(config: object, scale = 0.6): Map<string, Float32Array> {
  return new Map(
    expectedTensors(parseConfig(JSON.stringify(config))).map(({ name, shape }, i) => {
      const length = shape.reduce((product, size) => product * size, 1);
      const norm = name.endsWith("norm.weight");
      return [name, seededNumbers(length, 77 + i).map((x) => (norm ? 1 + 0.5 * x : scale * x))];
    }),
  );
}

/** The same as a decoder reads them. */
export function decoderWeights(config: object, tensors: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const stacks = new WeightStacks(tensors.keys());
  for (const { name, shape } of expectedTensors(parseConfig(JSON.stringify(config)))) {
    const tensor = tensors.get(name);
    if (tensor !== undefined) stacks.set(name, shape, tensor);
  }
  return stacks.weights;
}
