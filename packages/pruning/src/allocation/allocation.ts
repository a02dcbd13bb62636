import type { DecoderShape } from "@espalier/contracts";
import type { LayerWidths } from "../units/plan.js";
import type { UnitScores } from "../units/scores.js";
import { keptBudget, type LayerLimits } from "./limits.js";

/** What an allocation decides from. */
export interface AllocationInput {
  readonly shape: DecoderShape;
  /** Importance per parameter of every unit, modifiers applied. */
  readonly densities: UnitScores;
  readonly limits: readonly LayerLimits[];
  /** Share of the prunable parameters to remove. */
  readonly sparsity: number;
  /** Natural log of the share of attention kept relative to the MLP's; only `equal` reads it. */
  readonly attentionFactor: number;
  /** Prefer counts of query heads that divide the hidden size; only `equal` reads it. */
  readonly dividingHeads: boolean;
}

/** A way to spread the budget over layers and kinds; never decides which units leave. */
export interface Allocation {
  /** Widths within the limits that keep at most the budget. Throws AppError SPARSITY_UNREACHABLE. */
  widths(input: AllocationInput): LayerWidths[];
}

/** Parameters that may stay for an input. */
export function widthBudget(input: AllocationInput): number {
  return keptBudget(input.shape, input.limits, input.sparsity);
}
