import type { ProjectionName } from "@espalier/contracts";
import { configInvalid } from "../config-invalid.js";
import { decoderFamily } from "./decoder-family.js";
import type { DecoderKeys } from "./decoder-keys.js";

/** Mistral (Jiang et al., arXiv 2310.06825): a Llama without biases whose layers all have the same sliding window, or none. */
export const mistral = decoderFamily({
  name: "mistral",
  defaults: { num_key_value_heads: 8, max_position_embeddings: 131_072, sliding_window: 4096 },
  biases: noBiases("Mistral"),
  windows: commonWindow("Mistral"),
  says: ({ biases = [], qkNorm = false, layers }) => {
    const windows = new Set(layers.map(({ slidingWindow }) => slidingWindow ?? null));
    if (biases.length > 0 || qkNorm || windows.size > 1) return undefined;
    return { sliding_window: [...windows][0] ?? null };
  },
});

/** Refuses the switches for biases in a family that has none. */
export function noBiases(family: string): (keys: DecoderKeys) => readonly ProjectionName[] {
  return (keys) => {
    for (const key of ["attention_bias", "mlp_bias"] as const) {
      if (keys[key]) throw configInvalid(key, true, `false: ${family} has no biases`);
    }
    return [];
  };
}

/**
 * The one window of all layers, or none. Models with alternating layers say `layer_types` and have a family of their own
 * (`ministral`).
 */
export function commonWindow(family: string): (keys: DecoderKeys) => readonly (number | undefined)[] {
  return (keys) => {
    const window = keys.sliding_window ?? undefined;
    const types = keys.layer_types ?? [];
    const only = window === undefined ? "full_attention" : "sliding_attention";
    const odd = types.findIndex((type) => type !== only);
    if (odd >= 0) throw configInvalid(`layer_types.${odd}`, types[odd], `'${only}' in every layer of a ${family}`);
    return Array.from({ length: keys.num_hidden_layers }, () => window);
  };
}
