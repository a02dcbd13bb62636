import type { BlockWidths } from "@espalier/contracts";
import { configInvalid } from "../config-invalid.js";
import { type DecoderKeys, MAX_WIDTH } from "./decoder-keys.js";

/** The widths that the standard keys name, for every layer. */
function standardWidths(keys: DecoderKeys): BlockWidths {
  const heads = keys.num_attention_heads;
  const kvHeads = keys.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0)
    throw configInvalid("num_key_value_heads", kvHeads, `a divisor of ${heads} attention heads`);
  return { heads, kvHeads, intermediateSize: keys.intermediate_size };
}

/** `head_dim`, or what the hidden size leaves each head. */
export function headDimension(keys: DecoderKeys): number {
  const { hidden_size: hidden, num_attention_heads: heads } = keys;
  const given = keys.head_dim ?? undefined;
  if (given === undefined && keys.espalier_layers !== undefined) {
    throw configInvalid("head_dim", null, "a size: it must be given beside 'espalier_layers'");
  }
  if (given === undefined && hidden % heads !== 0) {
    throw configInvalid("num_attention_heads", heads, `a divisor of hidden_size ${hidden}, or an explicit 'head_dim'`);
  }
  const headDim = given ?? hidden / heads;
  if (headDim % 2 !== 0) throw configInvalid("head_dim", headDim, "an even size: rotary embedding pairs its halves");
  if (headDim * heads > MAX_WIDTH) throw configInvalid("head_dim", headDim, `at most ${MAX_WIDTH} over ${heads} heads`);
  return headDim;
}

/** The standard widths, but where transformers' `per_layer_config` says otherwise. */
function overriddenWidths(keys: DecoderKeys): readonly BlockWidths[] {
  const overrides = new Map(Object.entries(keys.per_layer_config ?? {}).map(([layer, own]) => [Number(layer), own]));
  const beyond = [...overrides.keys()].find((layer) => layer >= keys.num_hidden_layers);
  if (beyond !== undefined) {
    throw configInvalid(
      "per_layer_config",
      beyond,
      `layers below ${keys.num_hidden_layers}, as 'num_hidden_layers' says`,
    );
  }
  return Array.from({ length: keys.num_hidden_layers }, (_, layer) => {
    const own = overrides.get(layer);
    const { skip = [], num_local_experts: experts } = own ?? {};
    if (experts !== undefined) {
      const key = `per_layer_config.${layer}.num_local_experts`;
      throw configInvalid(key, experts, "no such key without 'espalier_layers'");
    }
    const { heads, kvHeads, intermediateSize } = standardWidths({
      ...keys,
      num_attention_heads: own?.num_attention_heads ?? keys.num_attention_heads,
      num_key_value_heads: own?.num_key_value_heads ?? keys.num_key_value_heads,
      intermediate_size: own?.intermediate_size ?? keys.intermediate_size,
    });
    const attention = skip.includes("attention") ? { heads: 0, kvHeads: 0 } : { heads, kvHeads };
    return { ...attention, intermediateSize: skip.includes("mlp") ? 0 : intermediateSize };
  });
}

/** Widths per layer: those of a pruned model where it lists them; a width of zero means that the sub-block is absent. */
export function layerWidths(keys: DecoderKeys): readonly BlockWidths[] {
  const own = keys.espalier_layers;
  if (own === undefined) return overriddenWidths(keys);
  if (own.length !== keys.num_hidden_layers) {
    throw configInvalid("espalier_layers.length", own.length, `${keys.num_hidden_layers}, as 'num_hidden_layers' says`);
  }
  return own.map((layer, index) => {
    const { num_attention_heads: heads, num_key_value_heads: kvHeads, intermediate_size: intermediateSize } = layer;
    const fits = kvHeads === 0 ? heads === 0 : heads > 0 && heads % kvHeads === 0;
    if (!fits) {
      const key = `espalier_layers.${index}.num_key_value_heads`;
      throw configInvalid(key, kvHeads, `a divisor of ${heads} attention heads (both 0 for no attention)`);
    }
    return { heads, kvHeads, intermediateSize };
  });
}
