import { allOrNone } from "./biases.js";
import { decoderFamily } from "./decoder-family.js";
import { layerTypeKeys, windowsByLayerType } from "./layer-types.js";

const inputs = ["q_proj", "k_proj", "v_proj"] as const;

/** Qwen2 and Qwen2.5 (arXiv 2407.10671): biases in q, k and v always, sliding windows by layer. */
export const qwen2 = decoderFamily({
  name: "qwen2",
  defaults: { num_key_value_heads: 32, max_position_embeddings: 32_768, sliding_window: 4096 },
  biases: () => inputs,
  windows: windowsByLayerType,
  says: ({ biases = [], qkNorm = false, layers }) => {
    const own = biases.length === inputs.length && allOrNone(biases, inputs) === true;
    return own && !qkNorm ? layerTypeKeys(layers) : undefined;
  },
});
