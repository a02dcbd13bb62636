import type { DecoderShape, LayerShape, ProjectionName } from "@espalier/contracts";
import type { ExpectedTensor, TensorLayout } from "../model-config.js";
import type { ExpertNames } from "./experts.js";

/**
 * The tensors of a decoder in file order. A sub-block of zero width is absent with its norms. Matrices are [out, in].
 * RangeError for experts that the family has no names for.
 */
export function decoderTensors({ shape }: TensorLayout, experts?: ExpertNames): readonly ExpectedTensor[] {
  const { hiddenSize, vocabSize } = shape;
  return [
    { name: "model.embed_tokens.weight", shape: [vocabSize, hiddenSize] },
    ...shape.layers.flatMap((layer, index) => layerTensors(shape, layer, `model.layers.${index}`, experts)),
    { name: "model.norm.weight", shape: [hiddenSize] },
    ...(shape.tiedEmbeddings ? [] : [{ name: "lm_head.weight", shape: [vocabSize, hiddenSize] }]),
  ];
}

function layerTensors(
  shape: DecoderShape,
  layer: LayerShape,
  prefix: string,
  expertNames: ExpertNames | undefined,
): readonly ExpectedTensor[] {
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
    ...(layer.experts === undefined
      ? [
          ...projection("mlp", "gate_proj", channels, hidden),
          ...projection("mlp", "up_proj", channels, hidden),
          ...projection("mlp", "down_proj", hidden, channels),
        ]
      : expertTensors(shape, layer, prefix, expertNames)),
  ];
  return [...(layer.heads > 0 ? attention : []), ...(channels > 0 ? mlp : [])];
}

/** Router, experts, and the bias that a compensation may add to what the experts give together. */
function expertTensors(
  { hiddenSize: hidden, biases }: DecoderShape,
  { experts, intermediateSize }: LayerShape,
  prefix: string,
  names: ExpertNames | undefined,
): readonly ExpectedTensor[] {
  if (experts === undefined || names === undefined) throw new RangeError(`'${prefix}' has experts without names`);
  const size = intermediateSize / experts.count;
  const matrices = Array.from({ length: experts.count }, (_, e) => [
    { name: `${prefix}.${names.expert(e, "gate_proj")}.weight`, shape: [size, hidden] },
    { name: `${prefix}.${names.expert(e, "up_proj")}.weight`, shape: [size, hidden] },
    { name: `${prefix}.${names.expert(e, "down_proj")}.weight`, shape: [hidden, size] },
  ]);
  return [
    { name: `${prefix}.${names.router}.weight`, shape: [experts.count, hidden] },
    ...matrices.flat(),
    ...(biases?.includes("down_proj") ? [{ name: `${prefix}.mlp.down_proj.bias`, shape: [hidden] }] : []),
  ];
}
