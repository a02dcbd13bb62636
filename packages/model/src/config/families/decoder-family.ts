import type { BlockWidths, DecoderShape, LayerShape, ProjectionName } from "@espalier/contracts";
import { configInvalid } from "../config-invalid.js";
import { type FamilyName, type ModelConfig, type ModelFamily, sameWidths } from "../model-config.js";
import { outputProjections } from "./biases.js";
import { type DecoderKeys, readDecoderKeys } from "./decoder-keys.js";
import { decoderTensors } from "./decoder-tensors.js";
import { type ExpertNames, type Mixture, mixedLayer } from "./experts.js";
import { headDimension, layerWidths } from "./layer-widths.js";
import { readRope } from "./rope.js";
import { readEosTokens } from "./token-ids.js";

/** What distinguishes a family from the decoder that all share. */
export interface DecoderFamily {
  readonly name: FamilyName;
  /** Values of keys that the file leaves out, where they are not Llama's; those of the family's class in transformers. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Projections with a learned bias. */
  readonly biases: (keys: DecoderKeys) => readonly ProjectionName[];
  readonly qkNorm?: boolean;
  /** Sliding window of each layer; left out: none has one. */
  readonly windows?: (keys: DecoderKeys) => readonly (number | undefined)[];
  /** Mixtures of experts, layer by layer; left out: none has one. */
  readonly mixtures?: (keys: DecoderKeys) => readonly (Mixture | undefined)[];
  /** Of a family that has mixtures. */
  readonly expertNames?: ExpertNames;
  /** As a family's `says`; models with experts are only asked of families that have them, and others of those without. */
  readonly says: ModelFamily["says"];
}

/** A family of decoders with RMSNorm, half-split RoPE, grouped, single or full key-value heads, and SwiGLU. */
export function decoderFamily(definition: DecoderFamily): ModelFamily {
  return {
    name: definition.name,
    parse: (raw) => parseDecoder(raw, definition),
    tensors: (layout) => decoderTensors(layout, definition.expertNames),
    ignores: (name) => name.endsWith(".rotary_emb.inv_freq"),
    says: (shape) => {
      const mixed = shape.layers.some(({ experts }) => experts !== undefined);
      return mixed === (definition.mixtures !== undefined) ? definition.says(shape) : undefined;
    },
  };
}

function parseDecoder(raw: Readonly<Record<string, unknown>>, definition: DecoderFamily): ModelConfig {
  const keys = readDecoderKeys({ ...definition.defaults, ...raw });
  refuseWhatWeDoNotCompute(keys, raw);
  const headDim = headDimension(keys);
  const layers = layersOf(keys, definition);
  const added = keys.espalier_projection_bias ? outputProjections : [];
  const shape: DecoderShape = {
    hiddenSize: keys.hidden_size,
    headDim,
    vocabSize: keys.vocab_size,
    maxPositions: keys.max_position_embeddings,
    ...readRope({ ...definition.defaults, ...raw }),
    rmsNormEps: keys.rms_norm_eps,
    tiedEmbeddings: keys.tie_word_embeddings,
    ...biasesOf([...definition.biases(keys), ...added]),
    ...(definition.qkNorm === true ? { qkNorm: true } : {}),
    layers,
  };
  return {
    family: definition.name,
    shape,
    bosTokenId: keys.bos_token_id ?? undefined,
    eosTokenIds: readEosTokens(raw["eos_token_id"]),
    torchDtype: keys.torch_dtype ?? keys.dtype ?? undefined,
    uniform: !keys.espalier_projection_bias && isStandard(keys, definition, layers),
    raw,
  };
}

function layersOf(keys: DecoderKeys, { windows, mixtures }: DecoderFamily): readonly LayerShape[] {
  const [ofWindows, ofMixtures] = [windows?.(keys), mixtures?.(keys)];
  return layerWidths(keys).map((widths, layer) => {
    const mixture = ofMixtures?.[layer];
    const own = mixture === undefined ? plainLayer(keys, layer, widths) : mixedLayer(keys, layer, widths, mixture);
    const slidingWindow = ofWindows?.[layer];
    return slidingWindow === undefined ? own : { ...own, slidingWindow };
  });
}

function plainLayer(keys: DecoderKeys, layer: number, widths: BlockWidths): BlockWidths {
  const experts = keys.espalier_layers?.[layer]?.num_local_experts;
  if (experts === undefined) return widths;
  throw configInvalid(`espalier_layers.${layer}.num_local_experts`, experts, "no such key: the layer has no experts");
}

/** Whether all layers have the widths, and the experts, that the standard keys name. */
function isStandard(keys: DecoderKeys, definition: DecoderFamily, layers: readonly LayerShape[]): boolean {
  const { espalier_layers: _, per_layer_config: __, ...standardKeys } = keys;
  return layersOf(standardKeys, definition).every((layer, l) => sameWidths(layer, layers[l] ?? layer));
}

function biasesOf(projections: readonly ProjectionName[]): Pick<DecoderShape, "biases"> {
  return projections.length === 0 ? {} : { biases: [...new Set(projections)] };
}

function refuseWhatWeDoNotCompute(keys: DecoderKeys, raw: Readonly<Record<string, unknown>>): void {
  if (keys.hidden_act !== "silu") throw configInvalid("hidden_act", keys.hidden_act, "'silu', the only one supported");
  const quantised = raw["quantization_config"] ?? null;
  if (quantised !== null) throw configInvalid("quantization_config", quantised, "null: it is not supported");
}
