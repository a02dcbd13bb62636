import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { queryHeadsPerGroup } from "./costs.js";
import type { LayerPlan } from "./plan.js";

/** Query heads of a layer that a plan keeps, ascending: those that the kept KV groups are left with. */
export function keptQueryHeads(layer: LayerShape, { kvGroups, queryHeads }: LayerPlan): Int32Array {
  const perGroup = queryHeads === undefined ? queryHeadsPerGroup(layer) : queryHeads.length / layer.kvHeads;
  const kept = new Int32Array(kvGroups.length * perGroup);
  kvGroups.forEach((group, g) => {
    for (let i = 0; i < perGroup; i++)
      kept[g * perGroup + i] = queryHeads?.[group * perGroup + i] ?? group * perGroup + i;
  });
  return kept;
}

/** The shape whose KV groups have only the query heads that each layer's groups are left with: what units then cost. */
export function thinnedShape(shape: DecoderShape, layers: readonly Pick<LayerPlan, "queryHeads">[]): DecoderShape {
  return {
    ...shape,
    layers: shape.layers.map((layer, l) => ({ ...layer, heads: layers[l].queryHeads?.length ?? layer.heads })),
  };
}

/** Refuses query heads that do not leave every KV group of the layer with equally many of its own, in order. */
export function assertQueryHeads(layer: LayerShape, queryHeads: Int32Array, what: string): void {
  const perGroup = queryHeads.length / layer.kvHeads;
  const before = queryHeadsPerGroup(layer);
  const fits = queryHeads.every((head, i) => {
    const ascending = i === 0 || head > queryHeads[i - 1];
    return ascending && Math.floor(head / before) === Math.floor(i / perGroup);
  });
  if (perGroup < 1 || !Number.isInteger(perGroup) || !fits) {
    throw new RangeError(
      `${what}: [${queryHeads}] does not leave ${layer.kvHeads} KV groups equally many of ${before}`,
    );
  }
}
