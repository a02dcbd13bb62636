import type { DecoderShape } from "@espalier/contracts";
import type { LayerWidths } from "../units/plan.js";
import type { UnitScores } from "../units/scores.js";
import type { Allocation, AllocationInput } from "./allocation.js";
import { type DropCounts, droppedSubBlocks } from "./drop.js";
import { equalAllocation } from "./equal.js";
import { globalAllocation } from "./global.js";
import { keptBudget, type LimitOptions, widthLimits } from "./limits.js";
import { type BlockChange, type ModifierName, modifyDensities } from "./modifiers/index.js";
import { uniformAllocation } from "./uniform.js";
import { applyWidthFactors, type WidthFactors } from "./width-factors.js";

/** Base allocations: `global` keep-order, `uniform` share per layer, `equal` widths in all layers. */
export const allocationNames = ["global", "uniform", "equal"] as const;
export type AllocationName = (typeof allocationNames)[number];

const registry = {
  global: globalAllocation,
  uniform: uniformAllocation,
  equal: equalAllocation,
} as const satisfies Record<AllocationName, Allocation>;

/** Everything that decides how many units each layer keeps, besides the scores. */
export interface AllocationSettings extends LimitOptions {
  readonly allocation: AllocationName;
  /** Share of the prunable parameters to remove. */
  readonly sparsity: number;
  readonly modifiers: Readonly<Record<ModifierName, number>>;
  /** `equal` prefers counts of query heads that divide the hidden size (ADR 0044). Default true. */
  readonly dividingHeads?: boolean;
  /** Left out for `equal`, which has one width. */
  readonly widthFactors?: WidthFactors;
  readonly blockChange?: BlockChange;
  /** Depth pruning, by `blockChange`; default none. */
  readonly drop?: DropCounts;
}

/**
 * Widths per layer for importance per parameter `densities`: dropped sub-blocks, modifiers, base allocation, width
 * factors. Keeps at most the budget, and less than one channel step below it where any layer's MLP has room.
 * Throws AppError SPARSITY_UNREACHABLE with the reachable maximum.
 */
export function allocate(shape: DecoderShape, densities: UnitScores, settings: AllocationSettings): LayerWidths[] {
  const { allocation, sparsity, modifiers, blockChange, widthFactors } = settings;
  const limits = widthLimits(shape, { ...settings, dropped: droppedSubBlocks(shape, settings) });
  const modifierInput = { shape, densities, ...(blockChange === undefined ? {} : { blockChange }) };
  const input: AllocationInput = {
    shape,
    densities: modifyDensities(modifierInput, modifiers),
    limits,
    sparsity,
    attentionFactor: modifiers.attentionFactor,
    dividingHeads: settings.dividingHeads ?? true,
  };
  const base = registry[allocation].widths(input);
  if (widthFactors === undefined || allocation === "equal") return base;
  return applyWidthFactors(shape, limits, base, widthFactors, keptBudget(shape, limits, sparsity));
}
