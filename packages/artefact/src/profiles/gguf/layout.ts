import type { BlockWidths } from "@espalier/contracts";
import type { FamilyName } from "@espalier/model";
import { withoutEmptyBlocks } from "../../slice/drop-blocks.js";
import { padModel } from "../../slice/pad-model.js";
import type { SlicedModel } from "../../slice/slice-model.js";

/** A model as llama.cpp takes it. */
export interface GgufLayout {
  /** Name of the architecture in llama.cpp. */
  readonly architecture: "llama" | "deci";
  readonly model: SlicedModel;
}

/** For each family the architecture of equal layers and that of layers with widths of their own. */
const architectures = { llama: { equal: "llama", unequal: "deci" } } as const satisfies Record<
  FamilyName,
  Record<"equal" | "unequal", GgufLayout["architecture"]>
>;

/** The least of an MLP: one block of any quantisation. */
const LEAST_CHANNELS = 32;

/**
 * The layout of a sliced model. MLP channels are padded to multiples of `channelBlock`, which changes no value. Blocks
 * that keep nothing are left out. Two of llama.cpp's limits are met with zeros, too: it takes a first layer without
 * heads for a model without attention, and drops the attention of a layer without MLP.
 */
export function ggufLayout(sliced: SlicedModel, channelBlock: number): GgufLayout {
  const kept = withoutEmptyBlocks(sliced);
  const widths = kept.shape.layers.map(({ heads, kvHeads, intermediateSize }, l): BlockWidths => {
    const attention = l === 0 && heads === 0 ? { heads: 1, kvHeads: 1 } : { heads, kvHeads };
    const channels = intermediateSize === 0 ? LEAST_CHANNELS : intermediateSize;
    return { ...attention, intermediateSize: Math.ceil(channels / channelBlock) * channelBlock };
  });
  const { equal, unequal } = architectures[sliced.family];
  return { architecture: allEqual(widths) ? equal : unequal, model: padModel(kept, widths) };
}

const allEqual = ([first, ...others]: readonly BlockWidths[]): boolean =>
  others.every(
    (other) =>
      other.heads === first?.heads &&
      other.kvHeads === first.kvHeads &&
      other.intermediateSize === first.intermediateSize,
  );
