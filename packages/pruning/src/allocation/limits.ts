import { AppError, type DecoderShape, type LayerShape, leastMlpUnits, mlpUnits } from "@espalier/contracts";
import { prunableParameters, unitCosts } from "../units/costs.js";
import type { LayerWidths } from "../units/plan.js";
import type { UnitKind } from "../units/vectors.js";

/** How many units of one kind a layer may keep. Counts between the bounds go in multiples of `step`. */
export interface WidthRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Ranges of both kinds in one layer. */
export interface LayerLimits {
  readonly attention: WidthRange;
  readonly mlp: WidthRange;
}

/** Which sub-blocks leave whole, per layer. */
export type DroppedSubBlocks = Readonly<Record<UnitKind, readonly boolean[]>>;

export interface LimitOptions {
  /** MLP widths are multiples of this, counts of experts excepted. Default 1. */
  readonly roundTo?: number;
  /** Blocks at the start and the end that lose nothing. Default 0. */
  readonly protectFirst?: number;
  readonly protectLast?: number;
  /** Sub-blocks that keep nothing. Default none. */
  readonly dropped?: DroppedSubBlocks;
}

/**
 * Widths that each layer may take. The last KV group and the last `roundTo` channels stay; an MLP width is a multiple
 * of `roundTo` even where the dense width is none, so a kernel never meets an odd one. Protected blocks, and MLPs
 * narrower than `roundTo`, keep their full width. Of experts as many stay as each token uses. A dropped sub-block keeps nothing.
 */
export function widthLimits(shape: DecoderShape, options: LimitOptions = {}): LayerLimits[] {
  const { roundTo = 1, protectFirst = 0, protectLast = 0, dropped } = options;
  if (!Number.isInteger(roundTo) || roundTo < 1)
    throw new RangeError(`round_to is ${roundTo}, expected an integer ≥ 1`);
  const depth = shape.layers.length;
  return shape.layers.map((layer, l) => {
    const whole = l < protectFirst || l >= depth - protectLast;
    return {
      attention: dropped?.attention[l] ? fixedAt(0) : rangeOf(layer.kvHeads, 1, whole),
      mlp: dropped?.mlp[l] ? fixedAt(0) : mlpRange(layer, roundTo, whole),
    };
  });
}

function mlpRange(layer: LayerShape, roundTo: number, whole: boolean): WidthRange {
  if (layer.experts === undefined || whole) return rangeOf(mlpUnits(layer), roundTo, whole);
  return { min: leastMlpUnits(layer), max: mlpUnits(layer), step: 1 };
}

function rangeOf(width: number, step: number, whole: boolean): WidthRange {
  if (whole || width < step) return fixedAt(width);
  return { min: step, max: Math.floor(width / step) * step, step };
}

/** A width that stays as it is. */
export function fixedAt(width: number): WidthRange {
  return { min: width, max: width, step: 1 };
}

/** Parameters that a sparsity lets stay. RangeError for a sparsity outside [0, 1]. */
export function sparsityBudget(shape: DecoderShape, sparsity: number): number {
  if (!(sparsity >= 0 && sparsity <= 1)) throw new RangeError(`sparsity ${sparsity} is not between 0 and 1`);
  // Counts are integers: the small term keeps products such as 0.8 · 1000 from rounding down to 799.
  return Math.floor(prunableParameters(shape) * (1 - sparsity) + 1e-6);
}

/** The widest that limits allow. */
export function widestWidths(limits: readonly LayerLimits[]): LayerWidths[] {
  return limits.map((layer) => ({ kvGroups: layer.attention.max, channels: layer.mlp.max }));
}

/**
 * Parameters that may stay at a sparsity: the target is met from the sparse side, so a plan removes at least
 * `sparsity` and less than one more unit.
 * Throws AppError SPARSITY_UNREACHABLE, naming the largest reachable share, where the limits keep too much.
 */
export function keptBudget(shape: DecoderShape, limits: readonly LayerLimits[], sparsity: number): number {
  const all = prunableParameters(shape);
  const budget = sparsityBudget(shape, sparsity);
  const least = widthParameters(
    shape,
    limits.map((layer) => ({ kvGroups: layer.attention.min, channels: layer.mlp.min })),
  );
  if (least > budget) {
    const reachable = Math.floor((1 - least / all) * 1e4) / 1e4;
    throw new AppError(
      "SPARSITY_UNREACHABLE",
      `Sparsity ${sparsity} cannot be reached: one KV group and the last channels of every layer, and protected ` +
        `blocks, stay. The largest reachable sparsity is ${reachable}; ask for at most that.`,
    );
  }
  return budget;
}

/** Parameters of the blocks at given widths. */
export function widthParameters(shape: DecoderShape, widths: readonly LayerWidths[]): number {
  const costs = unitCosts(shape);
  return widths.reduce((sum, w, l) => sum + w.kvGroups * costs.attention[l] + w.channels * costs.mlp[l], 0);
}
