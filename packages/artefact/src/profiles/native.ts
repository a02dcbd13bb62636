import { channelsPerMlpUnit, type DecoderShape } from "@espalier/contracts";
import { perLayerConfig } from "./per-layer-config.js";
import { transformersFolder } from "./transformers-folder.js";

/** Any plan: the source's config with the widths of each layer beside it, as `@espalier/model` reads them back. */
export const native = transformersFolder({
  form: (sliced) => ({
    model: sliced,
    keys: {
      espalier_layers: sliced.shape.layers.map((layer) => ({
        num_attention_heads: layer.heads,
        num_key_value_heads: layer.kvHeads,
        intermediate_size: layer.experts === undefined ? layer.intermediateSize : channelsPerMlpUnit(layer),
        ...(layer.experts === undefined ? {} : { num_local_experts: layer.experts.count }),
      })),
      per_layer_config: perLayerConfig(sliced.shape),
      ...(outputsBiased(sliced.shape) ? { espalier_projection_bias: true } : {}),
    },
  }),
  runtime: null,
  tested:
    "Unequal layers have no common config: no other runtime loads this form. `padded` and `gguf` hold the same model.",
  loading: [
    "Layers have widths of their own: `espalier_layers` in `config.json` lists heads, key-value heads and MLP channels",
    "per layer (of a mixture of experts, how many there are and the channels of each), and a zero means that the sub-block",
    "and its norm are absent. Tensors have the usual names of the",
    "model's family, cut to those widths; with `espalier_projection_bias`, `o_proj` and `down_proj` have a bias each. `openModel` of `@espalier/model` reads the folder, and another",
    "implementation of the family needs only to take each layer's sizes from that list. `per_layer_config` says the same in",
    "the form of transformers, which records it for a Llama but does not build its layers by it yet.",
  ].join("\n"),
});

/** Whether both output projections have a bias; the key says it once more for a family that has one everywhere. */
const outputsBiased = ({ biases = [] }: DecoderShape): boolean =>
  biases.includes("o_proj") && biases.includes("down_proj");
