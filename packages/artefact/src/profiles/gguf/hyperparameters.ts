import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { float32, type GgufMetadata, type GgufValue, int32s, uint32 } from "../../gguf/metadata.js";
import type { GgufLayout } from "./layout.js";

/** Sizes and constants of the model; widths are one number for `llama` and one per layer for `deci`. */
export function hyperparameters({ architecture, model: { shape } }: GgufLayout): GgufMetadata {
  const { layers } = shape;
  const width = (of: (layer: LayerShape) => number): GgufValue =>
    architecture === "llama" ? uint32(layers[0] === undefined ? 0 : of(layers[0])) : int32s(layers.map(of));
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
  };
  return new Map(Object.entries(named).map(([key, value]) => [`${architecture}.${key}`, value]));
}

/** The way back; `tiedEmbeddings` is not said in metadata but by the absence of an output matrix. */
export function shapeOf(metadata: GgufMetadata, tiedEmbeddings: boolean): DecoderShape {
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
  return {
    hiddenSize: one("embedding_length"),
    headDim: one("attention.key_length"),
    vocabSize: one("vocab_size"),
    maxPositions: one("context_length"),
    ropeTheta: one("rope.freq_base"),
    rmsNormEps: one("attention.layer_norm_rms_epsilon"),
    tiedEmbeddings,
    layers: perLayer("feed_forward_length").map((intermediateSize, l) => ({
      heads: heads[l],
      kvHeads: kvHeads[l],
      intermediateSize,
    })),
  };
}
