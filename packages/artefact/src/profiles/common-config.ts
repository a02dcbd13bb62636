import type { ConfigInput } from "./profile.js";

/** The keys that every profile's config.json shares: the source's, an explicit head size, the dtype where it changed. */
export function commonConfig({ source, shape, torchDtype }: ConfigInput): Record<string, unknown> {
  // A pruned folder can be pruned again: its widths per layer are not those of the result.
  const { espalier_layers: _, espalier_projection_bias: __, ...kept } = source;
  // Newer configs say `dtype`, older ones `torch_dtype`; whichever the source uses is corrected.
  const dtypeKey = "dtype" in kept && !("torch_dtype" in kept) ? "dtype" : "torch_dtype";
  return {
    ...kept,
    // Without it, loaders take hidden_size / num_attention_heads, which pruning makes wrong.
    head_dim: shape.headDim,
    ...(torchDtype === null ? {} : { [dtypeKey]: torchDtype }),
  };
}
