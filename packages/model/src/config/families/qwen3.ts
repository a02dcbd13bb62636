import { allOrNone, attentionProjections, mlpProjections } from "./biases.js";
import { decoderFamily } from "./decoder-family.js";
import { layerTypeKeys, windowsByLayerType } from "./layer-types.js";

/** Qwen3, dense (arXiv 2505.09388): queries and keys normalised per head, biases in attention by switch, windows by layer. */
export const qwen3 = decoderFamily({
  name: "qwen3",
  defaults: { num_key_value_heads: 32, head_dim: 128, max_position_embeddings: 32_768, sliding_window: 4096 },
  biases: ({ attention_bias }) => (attention_bias ? attentionProjections : []),
  qkNorm: true,
  windows: windowsByLayerType,
  says: ({ biases = [], qkNorm = false, layers }) => {
    const [attention, mlp] = [allOrNone(biases, attentionProjections), allOrNone(biases, mlpProjections)];
    const types = layerTypeKeys(layers);
    if (!qkNorm || attention === undefined || mlp !== false || types === undefined) return undefined;
    return { attention_bias: attention, ...types };
  },
});
