import { configInvalid } from "../config-invalid.js";
import { decoderFamily } from "./decoder-family.js";
import { assertFewExperts, commonMixture } from "./experts.js";
import { commonWindow, noBiases } from "./mistral.js";

/** Its names of the three matrices. */
const NAMES = { gate_proj: "w1", down_proj: "w2", up_proj: "w3" } as const;

/** Mixtral (Jiang et al., arXiv 2401.04088): a Mistral whose MLPs are mixtures; the weights of a token's experts sum to 1. */
export const mixtral = decoderFamily({
  name: "mixtral",
  defaults: {
    num_key_value_heads: 8,
    max_position_embeddings: 131_072,
    rms_norm_eps: 1e-5,
    rope_theta: 1e6,
    num_local_experts: 8,
    num_experts_per_tok: 2,
  },
  biases: noBiases("Mixtral"),
  windows: commonWindow("Mixtral"),
  expertNames: {
    router: "block_sparse_moe.gate",
    expert: (index, projection) => `block_sparse_moe.experts.${index}.${NAMES[projection]}`,
  },
  mixtures: (keys) => {
    const { num_local_experts: count, num_experts_per_tok: perToken } = keys;
    if (typeof count !== "number") throw configInvalid("num_local_experts", count, "the number of experts");
    if (typeof perToken !== "number") throw configInvalid("num_experts_per_tok", perToken, "the experts of a token");
    assertFewExperts("num_local_experts", count, keys.num_hidden_layers);
    const mixture = { count, perToken, normalised: true, size: keys.intermediate_size };
    return Array.from({ length: keys.num_hidden_layers }, () => mixture);
  },
  says: ({ biases = [], qkNorm = false, layers }) => {
    const windows = new Set(layers.map(({ slidingWindow }) => slidingWindow ?? null));
    const mixture = commonMixture(layers);
    if (biases.length > 0 || qkNorm || windows.size > 1 || mixture?.normalised !== true) return undefined;
    return {
      sliding_window: [...windows][0] ?? null,
      intermediate_size: mixture.size,
      num_local_experts: mixture.count,
      num_experts_per_tok: mixture.perToken,
    };
  },
});
