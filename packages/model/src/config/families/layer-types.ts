import type { LayerShape } from "@espalier/contracts";
import { configInvalid } from "../config-invalid.js";
import type { DecoderKeys } from "./decoder-keys.js";

const SLIDING = "sliding_attention";
const FULL = "full_attention";

/**
 * Windows as Qwen2 and Qwen3 say them: none without `use_sliding_window`; with it `sliding_window` for the layers that
 * `layer_types` names, or else those from `max_window_layers` (default 28) on.
 */
export function windowsByLayerType(keys: DecoderKeys): readonly (number | undefined)[] {
  const { num_hidden_layers: depth, layer_types: types } = keys;
  const window = keys.use_sliding_window ? (keys.sliding_window ?? undefined) : undefined;
  if (types === undefined || types === null) {
    const first = keys.max_window_layers ?? 28;
    return Array.from({ length: depth }, (_, layer) => (layer >= first ? window : undefined));
  }
  if (types.length !== depth) {
    throw configInvalid("layer_types.length", types.length, `${depth}, as 'num_hidden_layers' says`);
  }
  return types.map((type, layer) => {
    if (type === FULL) return undefined;
    if (type !== SLIDING) throw configInvalid(`layer_types.${layer}`, type, `'${FULL}' or '${SLIDING}'`);
    if (window === undefined) {
      throw configInvalid(`layer_types.${layer}`, type, `'${FULL}' without 'use_sliding_window' and 'sliding_window'`);
    }
    return window;
  });
}

/** The way back; undefined where windows differ, for which there are no keys. */
export function layerTypeKeys(layers: readonly LayerShape[]): Readonly<Record<string, unknown>> | undefined {
  const windows = layers.flatMap(({ slidingWindow }) => slidingWindow ?? []);
  if (windows.length === 0) return { use_sliding_window: false, layer_types: layers.map(() => FULL) };
  if (new Set(windows).size > 1) return undefined;
  return {
    use_sliding_window: true,
    sliding_window: windows[0],
    layer_types: layers.map(({ slidingWindow }) => (slidingWindow === undefined ? FULL : SLIDING)),
  };
}
