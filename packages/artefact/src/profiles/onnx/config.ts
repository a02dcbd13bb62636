import { widestLayer } from "../../slice/pad-model.js";
import type { SlicedModel } from "../../slice/sliced-model.js";
import { keptKeys } from "../kept-keys.js";
import type { ProfileInput } from "../profile.js";

/**
 * config.json for transformers.js, which reads the kind of model and the number of layers; sizes of caches it takes from
 * the graph. Widths are those of the widest layer. `external` names the model files that others stand beside, and how many.
 */
export function onnxConfig(
  { config: { raw } }: ProfileInput["source"],
  { shape }: SlicedModel,
  external: Readonly<Record<string, number>>,
): Record<string, unknown> {
  // Lists of layers are the source's, from which blocks may be missing; the graph has what they say.
  const { layer_types: _, ...kept } = keptKeys(raw);
  const { heads, kvHeads, intermediateSize } = widestLayer(shape);
  return {
    ...kept,
    head_dim: shape.headDim,
    num_hidden_layers: shape.layers.length,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    intermediate_size: intermediateSize,
    ...(Object.keys(external).length === 0 ? {} : { "transformers.js_config": { use_external_data_format: external } }),
  };
}

/** generation_config.json of a model without one: where its texts begin and end. */
export function generationConfig({ config: { raw } }: ProfileInput["source"]): Record<string, unknown> {
  const keys = ["bos_token_id", "eos_token_id", "pad_token_id"];
  return Object.fromEntries(
    keys.flatMap((key) => (raw[key] === undefined || raw[key] === null ? [] : [[key, raw[key]]])),
  );
}
