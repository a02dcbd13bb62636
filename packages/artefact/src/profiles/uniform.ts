import { AppError, type DecoderShape, type LayerShape } from "@espalier/contracts";
import { shapeWithoutEmptyBlocks, tensorsWithoutEmptyBlocks } from "../slice/drop-blocks.js";
import { siblingBiases } from "../slice/sibling-biases.js";
import { commonConfig } from "./common-config.js";
import type { Profile } from "./profile.js";

/**
 * A plain Llama folder with smaller numbers in config.json; needs the same widths in every layer. Blocks that were dropped
 * whole are left out.
 */
export const uniform: Profile = {
  config: (input) => {
    const shape = shapeWithoutEmptyBlocks(input.shape);
    const { heads, kvHeads, intermediateSize } = equalWidths(shape);
    return {
      ...commonConfig(input),
      num_hidden_layers: shape.layers.length,
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      intermediate_size: intermediateSize,
      ...(input.biased ? { attention_bias: true, mlp_bias: true } : {}),
    };
  },
  shape: ({ shape }) => shapeWithoutEmptyBlocks(shape),
  tensors: (sliced) => [
    ...tensorsWithoutEmptyBlocks(sliced),
    ...(sliced.biased ? siblingBiases(shapeWithoutEmptyBlocks(sliced.shape)) : []),
  ],
  // Our own reader knows the biases of `native` only; other loaders know these.
  opens: ({ biased }) => !biased,
  loading: [
    "A plain Llama model: any loader of the format reads it, for example",
    "",
    "```python",
    "from transformers import AutoModelForCausalLM, AutoTokenizer",
    'model = AutoModelForCausalLM.from_pretrained("uniform")',
    'tokenizer = AutoTokenizer.from_pretrained("uniform")',
    "```",
  ].join("\n"),
};

function equalWidths(shape: DecoderShape): LayerShape {
  const [first, ...others] = shape.layers; // at least one: plans keep a sub-block of each kind
  const differs = (other: LayerShape): boolean =>
    other.heads !== first.heads || other.kvHeads !== first.kvHeads || other.intermediateSize !== first.intermediateSize;
  const odd = others.findIndex(differs);
  if (first.kvHeads > 0 && first.intermediateSize > 0 && odd < 0) return first;
  const where = odd < 0 ? "A layer has no attention or no MLP" : `Layer ${odd + 1} has other widths than layer 0`;
  throw new AppError("VALIDATION_FAILED", `${where}: the profile 'uniform' needs target.layout 'uniform'.`, {
    errors: [{ detail: "'uniform' needs target.layout 'uniform'", pointer: "/export/profiles" }],
  });
}
