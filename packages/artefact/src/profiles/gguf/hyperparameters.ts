import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { projectionNames } from "@espalier/graph";
import { float32, type GgufMetadata, type GgufValue, int32s, string, uint32 } from "../../gguf/metadata.js";
import type { GgufFile } from "../../gguf/read-gguf.js";
import type { GgufLayout } from "./layout.js";
import { isFrequencies } from "./rope-frequencies.js";
import { huggingFaceName } from "./tensor-names.js";

/** Sizes and constants of the model; widths are one number, or one per layer for `deci`. */
export function hyperparameters({ architecture, model: { shape } }: GgufLayout): GgufMetadata {
  const { layers } = shape;
  const width = (of: (layer: LayerShape) => number): GgufValue =>
    architecture.widthsPerLayer ? int32s(layers.map(of)) : uint32(layers[0] === undefined ? 0 : of(layers[0]));
  const named: Record<string, GgufValue> = {
    vocab_size: uint32(shape.vocabSize),
    context_length: uint32(shape.maxPositions),
    embedding_length: uint32(shape.hiddenSize),
    block_count: uint32(layers.length),
    feed_forward_length: width(({ intermediateSize }) => intermediateSize),
    "attention.head_count": width(({ heads }) => heads),
    "attention.head_count_kv": width(({ kvHeads }) => kvHeads),
    "attention.key_length": uint32(shape.headDim),
    "attention.value_length": uint32(shape.headDim),
    "attention.layer_norm_rms_epsilon": float32(shape.rmsNormEps),
    "rope.dimension_count": uint32(shape.headDim),
    "rope.freq_base": float32(shape.ropeTheta),
    ...ropeScaling(shape),
  };
  return new Map(Object.entries(named).map(([key, value]) => [`${architecture.name}.${key}`, value]));
}

/** The frequencies of `llama3` are a tensor (`rope_freqs.weight`), not metadata. */
function ropeScaling({ ropeScaling: scaling }: DecoderShape): Record<string, GgufValue> {
  if (scaling?.type !== "linear") return {};
  return { "rope.scaling.type": string("linear"), "rope.scaling.factor": float32(scaling.factor) };
}

/** The way back; what is no metadata is the presence of tensors: an output matrix, biases, norms of heads. */
export function shapeOf({ metadata, tensors }: Pick<GgufFile, "metadata" | "tensors">): DecoderShape {
  const architecture = metadata.get("general.architecture")?.value;
  const found = (key: string): GgufValue => {
    const value = metadata.get(`${architecture}.${key}`);
    if (value === undefined) throw new RangeError(`the file has no '${architecture}.${key}'`);
    return value;
  };
  const one = (key: string): number => Number(found(key).value);
  const perLayer = (key: string): readonly number[] => {
    const value = found(key);
    return value.type === "array"
      ? Array.from(value.value, Number)
      : Array.from({ length: one("block_count") }, () => Number(value.value));
  };
  const [heads, kvHeads] = [perLayer("attention.head_count"), perLayer("attention.head_count_kv")];
  const names = [...tensors.keys()].filter((name) => !isFrequencies(name)).map(huggingFaceName);
  const biases = projectionNames.filter((projection) => names.some((name) => name.endsWith(`.${projection}.bias`)));
  const linear = metadata.get(`${architecture}.rope.scaling.type`)?.value === "linear";
  return {
    hiddenSize: one("embedding_length"),
    headDim: one("attention.key_length"),
    vocabSize: one("vocab_size"),
    maxPositions: one("context_length"),
    ropeTheta: one("rope.freq_base"),
    ...(linear ? { ropeScaling: { type: "linear", factor: one("rope.scaling.factor") } } : {}),
    rmsNormEps: one("attention.layer_norm_rms_epsilon"),
    tiedEmbeddings: !tensors.has("output.weight"),
    ...(biases.length > 0 ? { biases } : {}),
    ...(names.some((name) => name.endsWith(".q_norm.weight")) ? { qkNorm: true } : {}),
    layers: perLayer("feed_forward_length").map((intermediateSize, l) => ({
      heads: heads[l],
      kvHeads: kvHeads[l],
      intermediateSize,
    })),
  };
}
