import type { DecoderShape, LayerShape } from "@espalier/contracts";
import { prunableParameters } from "./costs.js";
import { assertQueryHeads, keptQueryHeads } from "./query-heads.js";

/** Units kept in one layer, each list ascending. */
export interface LayerPlan {
  readonly kvGroups: Int32Array;
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

/** How many units of each kind a layer keeps. */
export interface LayerWidths {
  readonly kvGroups: number;
  readonly channels: number;
}

/** Multipliers of one layer for the masked forward pass: 1 keeps, 0 removes. */
export interface LayerGates {
  /** Per query head, [H]. */
  readonly attention: Float32Array;
  /** Per MLP channel, [F]. */
  readonly mlp: Float32Array;
}

/** The plan that keeps everything. */
export function densePlan(shape: DecoderShape): Plan {
  return {
    layers: shape.layers.map((layer) => ({
      kvGroups: Int32Array.from({ length: layer.kvHeads }, (_, k) => k),
      channels: Int32Array.from({ length: layer.intermediateSize }, (_, f) => f),
    })),
  };
}

/** Refuses a plan that does not fit the shape: wrong layer count, index out of range, not ascending, uneven query heads. */
export function assertPlan(shape: DecoderShape, plan: Plan): void {
  if (plan.layers.length !== shape.layers.length) {
    throw new RangeError(`plan of ${plan.layers.length} layers for a model of ${shape.layers.length}`);
  }
  plan.layers.forEach((kept, l) => {
    assertAscending(kept.kvGroups, shape.layers[l].kvHeads, `KV groups of layer ${l}`);
    assertAscending(kept.channels, shape.layers[l].intermediateSize, `channels of layer ${l}`);
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
    return {
      ...layer,
      heads: keptQueryHeads(layer, plan.layers[l]).length,
      kvHeads: kvGroups.length,
      intermediateSize: channels.length,
    };
  });
  return { ...shape, layers };
}

/** Gates per layer: attention per query head (head j belongs to KV group ⌊j/r⌋), MLP per channel. */
export function planGates(shape: DecoderShape, plan: Plan): LayerGates[] {
  assertPlan(shape, plan);
  return shape.layers.map((layer, l) => {
    const attention = new Float32Array(layer.heads);
    const mlp = new Float32Array(layer.intermediateSize);
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
