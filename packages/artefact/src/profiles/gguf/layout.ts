import type { BlockWidths } from "@espalier/contracts";
import { withoutEmptyBlocks } from "../../slice/drop-blocks.js";
import { padModel } from "../../slice/pad-model.js";
import type { SlicedModel } from "../../slice/sliced-model.js";
import { type Architecture, architectureOf } from "./architectures.js";

/** A model as llama.cpp takes it. */
export interface GgufLayout {
  readonly architecture: Architecture;
  readonly model: SlicedModel;
}

/** The least of an MLP: one block of any quantisation. */
const LEAST_CHANNELS = 32;

/**
 * The layout of a sliced model. MLP channels are padded to multiples of `channelBlock`, which changes no value. Blocks
 * that keep nothing are left out. Two of llama.cpp's limits are met with zeros, too: it takes a first layer without
 * heads for a model without attention, and drops the attention of a layer without MLP. Throws AppError VALIDATION_FAILED
 * for a model that no architecture holds.
 */
export function ggufLayout(sliced: SlicedModel, channelBlock: number): GgufLayout {
  const kept = withoutEmptyBlocks(sliced);
  const widths = kept.shape.layers.map(({ heads, kvHeads, intermediateSize }, l): BlockWidths => {
    const attention = l === 0 && heads === 0 ? { heads: 1, kvHeads: 1 } : { heads, kvHeads };
    const channels = intermediateSize === 0 ? LEAST_CHANNELS : intermediateSize;
    return { ...attention, intermediateSize: Math.ceil(channels / channelBlock) * channelBlock };
  });
  const model = padModel(kept, widths);
  return { architecture: architectureOf(model.shape), model };
}
