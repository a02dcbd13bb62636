/**
 * The keys of a source's config.json but those that say widths per layer: a pruned folder can be pruned again, and its
 * widths are not those of the result.
 */
export function keptKeys(source: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { espalier_layers: _, espalier_projection_bias: __, per_layer_config: ___, ...kept } = source;
  return kept;
}
