import { configInvalid } from "../config-invalid.js";
import { allOrNone, attentionProjections, mlpProjections } from "./biases.js";
import { decoderFamily } from "./decoder-family.js";
import { assertFewExperts, commonMixture } from "./experts.js";
import { layerTypeKeys, windowsByLayerType } from "./layer-types.js";

/**
 * Qwen3 with mixtures (arXiv 2505.09388), in every layer or, by `decoder_sparse_step` and `mlp_only_layers`, in some:
 * queries and keys normalised per head, biases in attention by switch, weights of a token's experts summing to 1 by switch.
 */
export const qwen3Moe = decoderFamily({
  name: "qwen3_moe",
  defaults: {
    num_key_value_heads: 4,
    max_position_embeddings: 32_768,
    sliding_window: 4096,
    num_experts: 128,
    num_experts_per_tok: 8,
    moe_intermediate_size: 768,
  },
  biases: ({ attention_bias }) => (attention_bias ? attentionProjections : []),
  qkNorm: true,
  windows: windowsByLayerType,
  expertNames: { router: "mlp.gate", expert: (index, projection) => `mlp.experts.${index}.${projection}` },
  mixtures: (keys) => {
    const { num_experts: count, num_experts_per_tok: perToken, moe_intermediate_size: size } = keys;
    if (typeof count !== "number") throw configInvalid("num_experts", count, "the number of experts");
    if (typeof perToken !== "number") throw configInvalid("num_experts_per_tok", perToken, "the experts of a token");
    if (typeof size !== "number") throw configInvalid("moe_intermediate_size", size, "the channels of an expert");
    assertFewExperts("num_experts", count, keys.num_hidden_layers);
    const mixture = { count, perToken, normalised: keys.norm_topk_prob, size };
    const dense = new Set(keys.mlp_only_layers ?? []);
    return Array.from({ length: keys.num_hidden_layers }, (_, layer) =>
      dense.has(layer) || (layer + 1) % keys.decoder_sparse_step !== 0 ? undefined : mixture,
    );
  },
  says: ({ biases = [], qkNorm = false, layers }) => {
    const [attention, mlp] = [allOrNone(biases, attentionProjections), allOrNone(biases, mlpProjections)];
    const [types, mixture] = [layerTypeKeys(layers), commonMixture(layers)];
    if (!qkNorm || attention === undefined || mlp !== false || types === undefined || mixture === undefined) {
      return undefined;
    }
    return {
      attention_bias: attention,
      ...types,
      moe_intermediate_size: mixture.size,
      num_experts: mixture.count,
      num_experts_per_tok: mixture.perToken,
      norm_topk_prob: mixture.normalised,
      decoder_sparse_step: 1,
      mlp_only_layers: [],
    };
  },
});
