import type { DecoderShape } from "@espalier/contracts";
import type { SlicedModel, SlicedTensor } from "./slice-model.js";

const BLOCK_TENSOR = /^(model\.layers\.)(\d+)(\..*)$/;

/** Places of the blocks that keep an attention or an MLP: the others only pass their input on. */
function keptBlocks({ layers }: DecoderShape): number[] {
  return [...layers.keys()].filter((l) => layers[l].kvHeads > 0 || layers[l].intermediateSize > 0);
}

/** The shape without its empty blocks: fewer layers, the same function. */
export function shapeWithoutEmptyBlocks(shape: DecoderShape): DecoderShape {
  return { ...shape, layers: keptBlocks(shape).map((layer) => shape.layers[layer]) };
}

/** The tensors of the same model with its empty blocks taken out and the others numbered anew. */
export function tensorsWithoutEmptyBlocks({ shape, tensors }: SlicedModel): SlicedTensor[] {
  const places = new Map(keptBlocks(shape).map((layer, place) => [String(layer), place]));
  return tensors.map((tensor) => {
    const name = tensor.name.replace(BLOCK_TENSOR, (_, start: string, layer: string, rest: string) => {
      return `${start}${places.get(layer)}${rest}`;
    });
    return { ...tensor, name, source: tensor.source ?? tensor.name };
  });
}
