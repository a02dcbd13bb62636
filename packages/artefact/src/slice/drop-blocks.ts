import type { SlicedModel } from "./sliced-model.js";

const BLOCK_TENSOR = /^(model\.layers\.)(\d+)(\..*)$/;

/**
 * The same model without the blocks that keep neither attention nor MLP, which only pass their input on: fewer layers,
 * numbered anew, the same function.
 */
export function withoutEmptyBlocks(sliced: SlicedModel): SlicedModel {
  const { layers } = sliced.shape;
  const kept = [...layers.keys()].filter((l) => layers[l].kvHeads > 0 || layers[l].intermediateSize > 0);
  const places = new Map(kept.map((layer, place) => [String(layer), place]));
  return {
    ...sliced,
    shape: { ...sliced.shape, layers: kept.map((layer) => layers[layer]) },
    tensors: sliced.tensors.map((tensor) => {
      const name = tensor.name.replace(BLOCK_TENSOR, (_, start: string, layer: string, rest: string) => {
        return `${start}${places.get(layer)}${rest}`;
      });
      return { ...tensor, name, source: tensor.source ?? tensor.name };
    }),
  };
}
