import { type DecoderShape, type LayerShape, leastMlpUnits, mlpUnits, withMlpUnits } from "@espalier/contracts";
import { prunableParameters } from "./costs.js";
import { assertQueryHeads, keptQueryHeads } from "./query-heads.js";

/** Units kept in one layer, each list ascending. */
export interface LayerPlan {
  readonly kvGroups: Int32Array;
  /** MLP channels, or the experts of a layer that has any. */
  readonly channels: Int32Array;
  /**
   * Query heads that every KV group of the layer is left with, kept or not: equally many of each, as grouped attention
   * needs. Left out: all.
   */
  readonly queryHeads?: Int32Array;
}

/** For each layer, the units kept. */
export interface Plan {
  readonly layers: readonly LayerPlan[];
}

/** How many units of each kind a layer keeps; of the MLP channels, or experts. */
export interface LayerWidths {
  readonly kvGroups: number;
  readonly channels: number;
}

/** Multipliers of one layer for the masked forward pass: 1 keeps, 0 removes. */
export interface LayerGates {
  /** Per query head, [H]. */
  readonly attention: Float32Array;
  /** Per MLP channel, [F], or per expert. */
  readonly mlp: Float32Array;
}

/** The plan that keeps everything. */
export function densePlan(shape: DecoderShape): Plan {
  return {
    layers: shape.layers.map((layer) => ({
      kvGroups: Int32Array.from({ length: layer.kvHeads }, (_, k) => k),
      channels: Int32Array.from({ length: mlpUnits(layer) }, (_, f) => f),
    })),
  };
}

/**
 * Refuses a plan that does not fit the shape: wrong layer count, index out of range, not ascending, uneven query heads,
 * fewer experts than each token uses (none at all is a dropped MLP).
 */
export function assertPlan(shape: DecoderShape, plan: Plan): void {
  if (plan.layers.length !== shape.layers.length) {
    throw new RangeError(`plan of ${plan.layers.length} layers for a model of ${shape.layers.length}`);
  }
  plan.layers.forEach((kept, l) => {
    assertAscending(kept.kvGroups, shape.layers[l].kvHeads, `KV groups of layer ${l}`);
    assertAscending(kept.channels, mlpUnits(shape.layers[l]), `MLP units of layer ${l}`);
    const least = leastMlpUnits(shape.layers[l]);
    if (kept.channels.length > 0 && kept.channels.length < least) {
      throw new RangeError(`layer ${l} keeps ${kept.channels.length} experts, each token uses ${least}`);
    }
    if (kept.queryHeads !== undefined) assertQueryHeads(shape.layers[l], kept.queryHeads, `query heads of layer ${l}`);
  });
}

function assertAscending(kept: Int32Array, units: number, what: string): void {
  for (let i = 0; i < kept.length; i++) {
    const previous = i === 0 ? -1 : kept[i - 1];
    if (kept[i] <= previous || kept[i] >= units) {
      throw new RangeError(`${what}: index ${kept[i]} after ${previous}, expected ascending indices below ${units}`);
    }
  }
}

/** Widths per layer of a plan. */
export function keptWidths(plan: Plan): LayerWidths[] {
  return plan.layers.map((layer) => ({ kvGroups: layer.kvGroups.length, channels: layer.channels.length }));
}

/** The shape of the model once the plan is carried out. */
export function planShape(shape: DecoderShape, plan: Plan): DecoderShape {
  assertPlan(shape, plan);
  const layers = shape.layers.map((layer, l): LayerShape => {
    const { kvGroups, channels } = plan.layers[l];
    const heads = keptQueryHeads(layer, plan.layers[l]).length;
    return { ...withMlpUnits(layer, channels.length), heads, kvHeads: kvGroups.length };
  });
  return { ...shape, layers };
}

/** Gates per layer: attention per query head (head j belongs to KV group ⌊j/r⌋), MLP per unit. */
export function planGates(shape: DecoderShape, plan: Plan): LayerGates[] {
  assertPlan(shape, plan);
  return shape.layers.map((layer, l) => {
    const attention = new Float32Array(layer.heads);
    const mlp = new Float32Array(mlpUnits(layer));
    for (const head of keptQueryHeads(layer, plan.layers[l])) attention[head] = 1;
    for (const channel of plan.layers[l].channels) mlp[channel] = 1;
    return { attention, mlp };
  });
}

/** Share of the prunable parameters that the plan removes. */
export function planSparsity(shape: DecoderShape, plan: Plan): number {
  const all = prunableParameters(shape);
  return all === 0 ? 0 : 1 - prunableParameters(planShape(shape, plan)) / all;
}
