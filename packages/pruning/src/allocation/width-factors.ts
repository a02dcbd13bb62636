import type { DecoderShape } from "@espalier/contracts";
import type { LayerWidths } from "../units/plan.js";
import type { LayerLimits } from "./limits.js";
import { settleWidths } from "./settle.js";

/** Most groups of neighbouring layers that get a factor of their own; deeper models share factors. */
const MAX_LAYER_GROUPS = 16;

/** Natural-log factors on the kept widths, one per group of neighbouring layers (see `layerGroup`). */
export interface WidthFactors {
  readonly attention: readonly number[];
  readonly mlp: readonly number[];
}

/** Groups of neighbouring layers: one per layer up to 16 layers, 16 beyond. */
export function layerGroupCount(depth: number): number {
  return Math.min(depth, MAX_LAYER_GROUPS);
}

/** Group of a layer; groups are neighbours and differ in size by at most one. */
export function layerGroup(layer: number, depth: number): number {
  return Math.floor((layer * layerGroupCount(depth)) / depth);
}

/**
 * Base widths times e^factor of their layer's group, brought back to the budget within the limits.
 * All factors 0 returns the base itself, so the base allocation is an exact point of the search space.
 */
export function applyWidthFactors(
  shape: DecoderShape,
  limits: readonly LayerLimits[],
  base: readonly LayerWidths[],
  factors: WidthFactors,
  budget: number,
): LayerWidths[] {
  const depth = shape.layers.length;
  const groups = layerGroupCount(depth);
  if (factors.attention.length !== groups || factors.mlp.length !== groups) {
    throw new RangeError(
      `${depth} layers take ${groups} width factors per kind, got ${factors.attention.length} and ${factors.mlp.length}`,
    );
  }
  if ([...factors.attention, ...factors.mlp].every((x) => x === 0)) return [...base];
  const desired = {
    attention: base.map((w, l) => w.kvGroups * Math.exp(factors.attention[layerGroup(l, depth)])),
    mlp: base.map((w, l) => w.channels * Math.exp(factors.mlp[layerGroup(l, depth)])),
  };
  return settleWidths(shape, limits, desired, budget);
}
