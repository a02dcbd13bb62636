import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { z } from "zod";
import { configInvalid } from "../config-invalid.js";
import { type ModelConfig, type ModelFamily, sameWidths } from "../model-config.js";
import { decoderTensors } from "./decoder-tensors.js";
import { readEosTokens, readRopeTheta } from "./llama-options.js";

/** No published decoder has a width above 2^20 or a vocabulary above 2^20; larger values are mistakes or attacks. */
const MAX_WIDTH = 2 ** 22;
const MAX_HEADS = 2 ** 14;
const MAX_LAYERS = 4096;
const MAX_POSITIONS = 2 ** 31;

const size = (max: number) => z.int().min(1).max(max);
const width = (max: number) => z.int().min(0).max(max);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish();
const tokenId = z.int().min(0).max(MAX_WIDTH);

const layerSchema = z.strictObject({
  num_attention_heads: width(MAX_HEADS),
  num_key_value_heads: width(MAX_HEADS),
  intermediate_size: width(MAX_WIDTH),
});

/** The keys that we read; others are kept in `raw`. Defaults are those of transformers' `LlamaConfig`. */
const llamaSchema = z.looseObject({
  hidden_size: size(MAX_WIDTH),
  intermediate_size: size(MAX_WIDTH),
  num_hidden_layers: size(MAX_LAYERS),
  num_attention_heads: size(MAX_HEADS),
  num_key_value_heads: optional(size(MAX_HEADS)),
  head_dim: optional(size(MAX_WIDTH)),
  vocab_size: size(MAX_WIDTH),
  max_position_embeddings: size(MAX_POSITIONS).default(2048),
  rms_norm_eps: z.number().min(0).max(1).default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  hidden_act: z.string().max(64).default("silu"),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  bos_token_id: optional(tokenId),
  torch_dtype: optional(z.string().max(32)),
  dtype: optional(z.string().max(32)),
  espalier_projection_bias: z.boolean().default(false),
  espalier_layers: z.array(layerSchema).max(MAX_LAYERS).optional(),
});
type LlamaKeys = z.infer<typeof llamaSchema>;

/** Llama: RMSNorm, half-split RoPE, grouped or full multi-head attention, SwiGLU; no biases, no RoPE scaling. */
export const llama: ModelFamily = {
  name: "llama",
  parse: parseLlama,
  tensors: decoderTensors,
  ignores: (name) => name.endsWith(".rotary_emb.inv_freq"),
};

function parseLlama(raw: Readonly<Record<string, unknown>>): ModelConfig {
  const parsed = llamaSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path ?? [];
    const found = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], raw);
    throw configInvalid(path.join(".") || "config", found, issue?.message ?? "another value");
  }
  const keys = parsed.data;
  refuseWhatWeDoNotCompute(keys, raw);
  const standard = standardLayer(keys);
  const headDim = headDimension(keys);
  const layers =
    keys.espalier_layers === undefined ? uniformLayers(keys, standard) : ownLayers(keys, keys.espalier_layers);
  const shape: DecoderShape = {
    hiddenSize: keys.hidden_size,
    headDim,
    vocabSize: keys.vocab_size,
    maxPositions: keys.max_position_embeddings,
    ropeTheta: readRopeTheta(raw),
    rmsNormEps: keys.rms_norm_eps,
    tiedEmbeddings: keys.tie_word_embeddings,
    layers,
  };
  return {
    family: "llama",
    shape,
    bosTokenId: keys.bos_token_id ?? undefined,
    eosTokenIds: readEosTokens(raw["eos_token_id"]),
    torchDtype: keys.torch_dtype ?? keys.dtype ?? undefined,
    uniform: !keys.espalier_projection_bias && layers.every((layer) => sameWidths(layer, standard)),
    projectionBias: keys.espalier_projection_bias,
    raw,
  };
}

function refuseWhatWeDoNotCompute(keys: LlamaKeys, raw: Readonly<Record<string, unknown>>): void {
  if (keys.hidden_act !== "silu") throw configInvalid("hidden_act", keys.hidden_act, "'silu', the only one supported");
  if (keys.attention_bias) throw configInvalid("attention_bias", true, "false: biases in attention are not supported");
  if (keys.mlp_bias) throw configInvalid("mlp_bias", true, "false: biases in the MLP are not supported");
  for (const key of ["rope_scaling", "quantization_config"]) {
    const value = raw[key] ?? null;
    if (value !== null) throw configInvalid(key, value, "null: it is not supported");
  }
  const partial = raw["partial_rotary_factor"] ?? 1;
  if (partial !== 1)
    throw configInvalid("partial_rotary_factor", partial, "1: partial rotary embedding is not supported");
}

function standardLayer(keys: LlamaKeys): LayerShape {
  const heads = keys.num_attention_heads;
  const kvHeads = keys.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0)
    throw configInvalid("num_key_value_heads", kvHeads, `a divisor of ${heads} attention heads`);
  return { heads, kvHeads, intermediateSize: keys.intermediate_size };
}

function headDimension(keys: LlamaKeys): number {
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

function uniformLayers(keys: LlamaKeys, layer: LayerShape): readonly LayerShape[] {
  return Array.from({ length: keys.num_hidden_layers }, () => layer);
}

/** Per-layer widths of a pruned model; a width of zero means that the sub-block is absent. */
function ownLayers(keys: LlamaKeys, own: NonNullable<LlamaKeys["espalier_layers"]>): readonly LayerShape[] {
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
