import { z } from "zod";
import { configInvalid } from "../config-invalid.js";

/** No published decoder has a width above 2^20 or a vocabulary above 2^20; larger values are mistakes or attacks. */
export const MAX_WIDTH = 2 ** 22;
const MAX_HEADS = 2 ** 14;
const MAX_LAYERS = 4096;
const MAX_EXPERTS = 2 ** 14;
const MAX_POSITIONS = 2 ** 31;

const size = (max: number) => z.int().min(1).max(max);
const width = (max: number) => z.int().min(0).max(max);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish();
const tokenId = z.int().min(0).max(MAX_WIDTH);

const layerSchema = z.strictObject({
  num_attention_heads: width(MAX_HEADS),
  num_key_value_heads: width(MAX_HEADS),
  intermediate_size: width(MAX_WIDTH),
  num_local_experts: width(MAX_EXPERTS).optional(),
});

/** What a layer has otherwise than the standard keys say, as transformers writes it since 5.14. */
const overrideSchema = z.strictObject({
  num_attention_heads: size(MAX_HEADS).optional(),
  num_key_value_heads: size(MAX_HEADS).optional(),
  intermediate_size: size(MAX_WIDTH).optional(),
  num_local_experts: size(MAX_EXPERTS).optional(),
  skip: z
    .array(z.enum(["attention", "mlp"]))
    .max(2)
    .default([]),
});

/** The keys that all families share; others are kept in `raw`. Defaults are those of transformers' `LlamaConfig`. */
const decoderSchema = z.looseObject({
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
  sliding_window: optional(size(MAX_POSITIONS)),
  use_sliding_window: z.boolean().default(false),
  max_window_layers: optional(width(MAX_LAYERS)),
  layer_types: optional(z.array(z.string().max(64)).max(MAX_LAYERS)),
  num_local_experts: optional(size(MAX_EXPERTS)),
  num_experts: optional(size(MAX_EXPERTS)),
  num_experts_per_tok: optional(size(MAX_EXPERTS)),
  moe_intermediate_size: optional(size(MAX_WIDTH)),
  norm_topk_prob: z.boolean().default(false),
  decoder_sparse_step: size(MAX_LAYERS).default(1),
  mlp_only_layers: optional(z.array(width(MAX_LAYERS)).max(MAX_LAYERS)),
  bos_token_id: optional(tokenId),
  torch_dtype: optional(z.string().max(32)),
  dtype: optional(z.string().max(32)),
  espalier_projection_bias: z.boolean().default(false),
  espalier_layers: z.array(layerSchema).max(MAX_LAYERS).optional(),
  per_layer_config: optional(z.record(z.string().regex(/^\d{1,4}$/), overrideSchema)),
});

/** Keys of a `config.json` whose types and bounds were checked. */
export type DecoderKeys = z.infer<typeof decoderSchema>;

/** Checks the shared keys one by one. Throws `MODEL_CONFIG_INVALID` with the first wrong key. */
export function readDecoderKeys(raw: Readonly<Record<string, unknown>>): DecoderKeys {
  const parsed = decoderSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const found = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], raw);
  throw configInvalid(path.join(".") || "config", found, issue?.message ?? "another value");
}
