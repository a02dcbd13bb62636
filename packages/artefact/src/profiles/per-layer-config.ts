import { channelsPerMlpUnit, type DecoderShape } from "@espalier/contracts";

/**
 * Widths of every layer under the key that transformers keeps for layers that differ (`per_layer_config`, since 5.14): by
 * layer, what replaces the standard keys, and which sub-blocks are absent.
 */
export function perLayerConfig({ layers }: DecoderShape): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    layers.map((layer, index) => {
      const { heads, kvHeads, intermediateSize, experts } = layer;
      const skip = [...(kvHeads === 0 ? ["attention"] : []), ...(intermediateSize === 0 ? ["mlp"] : [])];
      const own = {
        ...(kvHeads === 0 ? {} : { num_attention_heads: heads, num_key_value_heads: kvHeads }),
        ...(intermediateSize === 0
          ? {}
          : { intermediate_size: experts === undefined ? intermediateSize : channelsPerMlpUnit(layer) }),
        ...(experts === undefined ? {} : { num_local_experts: experts.count }),
        ...(skip.length === 0 ? {} : { skip }),
      };
      return [index, own];
    }),
  );
}
