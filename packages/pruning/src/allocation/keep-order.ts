import type { DecoderShape } from "@espalier/contracts";
import { unitCosts } from "../units/costs.js";
import type { LayerWidths } from "../units/plan.js";
import type { UnitScores } from "../units/scores.js";
import type { UnitKind } from "../units/vectors.js";
import { type LayerLimits, type WidthRange, widestWidths, widthParameters } from "./limits.js";

/** One step of narrowing: `count` units of a kind leave a layer together. */
export interface RemovalStep {
  readonly layer: number;
  readonly kind: UnitKind;
  readonly count: number;
  readonly cost: number;
  /** Mean importance per parameter of the units that leave. */
  readonly density: number;
}

/** The order in which units leave, and the widths before the first step. */
export interface KeepOrder {
  readonly widest: readonly LayerWidths[];
  readonly steps: readonly RemovalStep[];
}

/**
 * Every removal that the limits allow, least important first; ties by layer, then kind (attention first), then index.
 * Cutting it at a cost gives widths, so one order gives a plan for every sparsity and larger sparsities only remove more.
 * `densities`: importance per parameter.
 */
export function keepOrder(shape: DecoderShape, densities: UnitScores, limits: readonly LayerLimits[]): KeepOrder {
  const costs = unitCosts(shape);
  const steps: RemovalStep[] = [];
  limits.forEach((limit, layer) => {
    for (const kind of ["attention", "mlp"] as const) {
      for (const chunk of chunks(densities[kind][layer], limit[kind])) {
        steps.push({ layer, kind, ...chunk, cost: chunk.count * costs[kind][layer] });
      }
    }
  });
  // Array.prototype.sort is stable: equal densities stay in the order of construction, which is the tie rule.
  steps.sort((a, b) => a.density - b.density);
  return { widest: widestWidths(limits), steps };
}

/** Units above `max` leave before any choice; then steps of `step` units, ascending, down to `min`. */
function* chunks(densities: Float64Array, range: WidthRange): Generator<{ count: number; density: number }> {
  const ascending = densities.slice().sort();
  const first = densities.length - range.max;
  const last = densities.length - range.min;
  for (let at = first; at < last; at += range.step) {
    let sum = 0;
    for (let i = at; i < at + range.step; i++) sum += ascending[i];
    yield { count: range.step, density: range.step === 1 ? sum : sum / range.step };
  }
}

/** Number of leading steps to take so that at most `budget` parameters stay. Grows as the budget shrinks. */
export function cutKeepOrder(shape: DecoderShape, order: KeepOrder, budget: number): number {
  let kept = widthParameters(shape, order.widest);
  let taken = 0;
  while (kept > budget && taken < order.steps.length) kept -= order.steps[taken++].cost;
  return taken;
}

/** Widths after the first `taken` steps. */
export function widthsAfter(order: KeepOrder, taken: number): { kvGroups: number; channels: number }[] {
  const widths = order.widest.map((w) => ({ ...w }));
  for (let i = 0; i < taken; i++) {
    const { layer, kind, count } = order.steps[i];
    widths[layer][kind === "attention" ? "kvGroups" : "channels"] -= count;
  }
  return widths;
}
