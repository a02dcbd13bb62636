import type { DecoderShape, LayerShape, ProjectionName } from "@espalier/contracts";
import type { ExpectedTensor, TensorLayout } from "../model-config.js";

/**
 * The tensors of a decoder in file order. A sub-block of zero width is absent with its norms. Matrices are [out, in].
 */
export function decoderTensors({ shape }: TensorLayout): readonly ExpectedTensor[] {
  const { hiddenSize, vocabSize } = shape;
  return [
    { name: "model.embed_tokens.weight", shape: [vocabSize, hiddenSize] },
    ...shape.layers.flatMap((layer, index) => layerTensors(shape, layer, `model.layers.${index}`)),
    { name: "model.norm.weight", shape: [hiddenSize] },
    ...(shape.tiedEmbeddings ? [] : [{ name: "lm_head.weight", shape: [vocabSize, hiddenSize] }]),
  ];
}

function layerTensors(shape: DecoderShape, layer: LayerShape, prefix: string): readonly ExpectedTensor[] {
  const projection = (
    part: "self_attn" | "mlp",
    name: ProjectionName,
    out: number,
    inputs: number,
  ): readonly ExpectedTensor[] => [
    { name: `${prefix}.${part}.${name}.weight`, shape: [out, inputs] },
    ...(shape.biases?.includes(name) ? [{ name: `${prefix}.${part}.${name}.bias`, shape: [out] }] : []),
  ];
  const { hiddenSize: hidden, headDim, qkNorm } = shape;
  const [queries, keys, channels] = [layer.heads * headDim, layer.kvHeads * headDim, layer.intermediateSize];
  const norms = ["q_norm", "k_norm"].map((name) => ({ name: `${prefix}.self_attn.${name}.weight`, shape: [headDim] }));
  const attention = [
    { name: `${prefix}.input_layernorm.weight`, shape: [hidden] },
    ...projection("self_attn", "q_proj", queries, hidden),
    ...projection("self_attn", "k_proj", keys, hidden),
    ...projection("self_attn", "v_proj", keys, hidden),
    ...projection("self_attn", "o_proj", hidden, queries),
    ...(qkNorm ? norms : []),
  ];
  const mlp = [
    { name: `${prefix}.post_attention_layernorm.weight`, shape: [hidden] },
    ...projection("mlp", "gate_proj", channels, hidden),
    ...projection("mlp", "up_proj", channels, hidden),
    ...projection("mlp", "down_proj", hidden, channels),
  ];
  return [...(layer.heads > 0 ? attention : []), ...(channels > 0 ? mlp : [])];
}
