import type { DecoderShape, LayerShape } from "@espalier/contracts";
import type { ExpectedTensor, TensorLayout } from "../model-config.js";

/**
 * The tensors of a Llama-shaped decoder in file order. A sub-block of zero width is absent with its norm.
 * Matrices are [out, in].
 */
export function decoderTensors({ shape, projectionBias = false }: TensorLayout): readonly ExpectedTensor[] {
  const { hiddenSize, vocabSize } = shape;
  return [
    { name: "model.embed_tokens.weight", shape: [vocabSize, hiddenSize] },
    ...shape.layers.flatMap((layer, index) => layerTensors(shape, layer, `model.layers.${index}`, projectionBias)),
    { name: "model.norm.weight", shape: [hiddenSize] },
    ...(shape.tiedEmbeddings ? [] : [{ name: "lm_head.weight", shape: [vocabSize, hiddenSize] }]),
  ];
}

function layerTensors(
  shape: DecoderShape,
  layer: LayerShape,
  prefix: string,
  projectionBias: boolean,
): readonly ExpectedTensor[] {
  const bias = (name: string): readonly ExpectedTensor[] =>
    projectionBias ? [{ name: `${prefix}.${name}.bias`, shape: [shape.hiddenSize] }] : [];
  const hidden = shape.hiddenSize;
  const queries = layer.heads * shape.headDim;
  const keys = layer.kvHeads * shape.headDim;
  const channels = layer.intermediateSize;
  const attention = [
    { name: `${prefix}.input_layernorm.weight`, shape: [hidden] },
    { name: `${prefix}.self_attn.q_proj.weight`, shape: [queries, hidden] },
    { name: `${prefix}.self_attn.k_proj.weight`, shape: [keys, hidden] },
    { name: `${prefix}.self_attn.v_proj.weight`, shape: [keys, hidden] },
    { name: `${prefix}.self_attn.o_proj.weight`, shape: [hidden, queries] },
    ...bias("self_attn.o_proj"),
  ];
  const mlp = [
    { name: `${prefix}.post_attention_layernorm.weight`, shape: [hidden] },
    { name: `${prefix}.mlp.gate_proj.weight`, shape: [channels, hidden] },
    { name: `${prefix}.mlp.up_proj.weight`, shape: [channels, hidden] },
    { name: `${prefix}.mlp.down_proj.weight`, shape: [hidden, channels] },
    ...bias("mlp.down_proj"),
  ];
  return [...(layer.heads > 0 ? attention : []), ...(channels > 0 ? mlp : [])];
}
