import type { BlockWidths, DecoderShape } from "@espalier/contracts";

/**
 * The least heads that hold a layer's and divide the hidden size: transformers 5 refuses a Llama config of others, though
 * `head_dim` says all that the model needs. The layer itself where no heads do.
 */
export function dividingHeads({ hiddenSize }: Pick<DecoderShape, "hiddenSize">, layer: BlockWidths): BlockWidths {
  const perGroup = layer.heads / layer.kvHeads;
  for (let heads = layer.heads; heads <= hiddenSize; heads++) {
    if (hiddenSize % heads !== 0) continue;
    for (let kvHeads = layer.kvHeads; kvHeads * perGroup <= heads; kvHeads++) {
      if (heads % kvHeads === 0) return { ...layer, heads, kvHeads };
    }
  }
  return layer;
}
