import type { DecoderShape, LayerShape, ProjectionName } from "@espalier/contracts";
import { configInvalid } from "../config-invalid.js";
import { type FamilyName, type ModelConfig, type ModelFamily, sameWidths } from "../model-config.js";
import { outputProjections } from "./biases.js";
import { type DecoderKeys, readDecoderKeys } from "./decoder-keys.js";
import { decoderTensors } from "./decoder-tensors.js";
import { headDimension, layerWidths, standardWidths } from "./layer-widths.js";
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
  readonly says: ModelFamily["says"];
}

/** A family of decoders with RMSNorm, half-split RoPE, grouped, single or full key-value heads, and SwiGLU. */
export function decoderFamily(definition: DecoderFamily): ModelFamily {
  return {
    name: definition.name,
    parse: (raw) => parseDecoder(raw, definition),
    tensors: decoderTensors,
    ignores: (name) => name.endsWith(".rotary_emb.inv_freq"),
    says: definition.says,
  };
}

function parseDecoder(raw: Readonly<Record<string, unknown>>, definition: DecoderFamily): ModelConfig {
  const keys = readDecoderKeys({ ...definition.defaults, ...raw });
  refuseWhatWeDoNotCompute(keys, raw);
  const standard = standardWidths(keys);
  const headDim = headDimension(keys);
  const layers = layersOf(keys, definition);
  const added = keys.espalier_projection_bias ? outputProjections : [];
  const shape: DecoderShape = {
    hiddenSize: keys.hidden_size,
    headDim,
    vocabSize: keys.vocab_size,
    maxPositions: keys.max_position_embeddings,
    ...readRope(raw),
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
    uniform: !keys.espalier_projection_bias && layers.every((layer) => sameWidths(layer, standard)),
    raw,
  };
}

function layersOf(keys: DecoderKeys, { windows }: DecoderFamily): readonly LayerShape[] {
  const each = windows?.(keys);
  return layerWidths(keys).map((widths, layer) => {
    const slidingWindow = each?.[layer];
    return slidingWindow === undefined ? widths : { ...widths, slidingWindow };
  });
}

function biasesOf(projections: readonly ProjectionName[]): Pick<DecoderShape, "biases"> {
  return projections.length === 0 ? {} : { biases: [...new Set(projections)] };
}

function refuseWhatWeDoNotCompute(keys: DecoderKeys, raw: Readonly<Record<string, unknown>>): void {
  if (keys.hidden_act !== "silu") throw configInvalid("hidden_act", keys.hidden_act, "'silu', the only one supported");
  const quantised = raw["quantization_config"] ?? null;
  if (quantised !== null) throw configInvalid("quantization_config", quantised, "null: it is not supported");
}
