import type { LayerShape } from "./decoder-shape.js";

/** What pruning removes whole from a block's MLP: its experts where it has any, else its channels. */
export const mlpUnits = (layer: LayerShape): number => layer.experts?.count ?? layer.intermediateSize;

/** Channels of one MLP unit, always neighbours. */
export const channelsPerMlpUnit = ({ intermediateSize, experts }: LayerShape): number =>
  experts === undefined ? 1 : intermediateSize / experts.count;

/** The fewest MLP units that a block can work with: as many experts as each token uses. */
export const leastMlpUnits = ({ experts }: LayerShape): number => experts?.perToken ?? 1;

/** The block with so many MLP units; without any it has no MLP. */
export function withMlpUnits(layer: LayerShape, units: number): LayerShape {
  const { experts, ...plain } = layer;
  const intermediateSize = units * channelsPerMlpUnit(layer);
  if (experts === undefined || units === 0) return { ...plain, intermediateSize };
  return { ...plain, intermediateSize, experts: { ...experts, count: units } };
}
