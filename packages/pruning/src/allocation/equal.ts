import { AppError, mlpUnits } from "@espalier/contracts";
import { prunableParameters, queryHeadsPerGroup, unitCosts } from "../units/costs.js";
import type { LayerWidths } from "../units/plan.js";
import type { UnitKind } from "../units/vectors.js";
import { type Allocation, type AllocationInput, widthBudget } from "./allocation.js";
import { widthParameters } from "./limits.js";

/**
 * Equal widths in all layers (`layout: uniform`), so that the result is a plain Llama folder.
 * KV groups: the count nearest to K·(share that stays)·e^attentionFactor for which some MLP width fits, among those whose
 * query heads divide the hidden size where any fits; channels: the largest width within the budget. The unit is one channel step in every layer, and the target is met within it.
 * Dropped blocks keep nothing, and the others share the budget.
 */
export const equalAllocation: Allocation = {
  widths(input) {
    const { limits, attentionFactor } = input;
    assertPlain(input);
    const budget = widthBudget(input);
    const wished = commonRange(input, "attention").max * keptShare(input) * Math.exp(attentionFactor);
    const fitting = fittingWidths(input, budget);
    const dividing = input.dividingHeads ? fitting.filter(({ kvGroups }) => headsDivide(input, kvGroups)) : [];
    const best = nearest(dividing.length > 0 ? dividing : fitting, wished);
    if (best === undefined) throw unreachable(input);
    const { kvGroups, channels } = best;
    return limits.map(({ attention, mlp }) => ({
      kvGroups: attention.max > 0 ? kvGroups : 0,
      channels: mlp.max > 0 ? channels : 0,
    }));
  },
};

/** Every count of KV groups for which some MLP width fits, ascending, with the largest. */
function fittingWidths(input: AllocationInput, budget: number): LayerWidths[] {
  const { min, max } = commonRange(input, "attention");
  const counts = Array.from({ length: max - min + 1 }, (_, i) => min + i);
  return counts.flatMap((kvGroups) => {
    const channels = channelsBeside(input, kvGroups, budget);
    return channels === undefined ? [] : [{ kvGroups, channels }];
  });
}

/** transformers 5 loads a plain Llama folder only with a number of heads that divides the hidden size. */
function headsDivide({ shape, limits }: AllocationInput, kvGroups: number): boolean {
  const layer = shape.layers.find((_, l) => limits[l].attention.max > 0);
  return layer === undefined || shape.hiddenSize % (kvGroups * queryHeadsPerGroup(layer)) === 0;
}

/** Of two counts as near, the smaller one, which leaves the wider MLP; the widths come ascending. */
function nearest(widths: readonly LayerWidths[], wished: number): LayerWidths | undefined {
  let best: LayerWidths | undefined;
  for (const width of widths) {
    if (best === undefined || Math.abs(width.kvGroups - wished) < Math.abs(best.kvGroups - wished)) best = width;
  }
  return best;
}

/** Of the layers that keep anything of a kind: dropped ones stay out. */
function commonRange({ limits }: AllocationInput, kind: UnitKind): { min: number; max: number } {
  const kept = limits.map((limit) => limit[kind]).filter(({ max }) => max > 0);
  return {
    min: Math.max(0, ...kept.map(({ min }) => min)),
    max: kept.length === 0 ? 0 : Math.min(...kept.map(({ max }) => max)),
  };
}

/** Share that stays of the layers that were not dropped. */
function keptShare({ shape, limits, sparsity }: AllocationInput): number {
  const dense = shape.layers.map((layer, l) => ({
    kvGroups: limits[l].attention.max > 0 ? layer.kvHeads : 0,
    channels: limits[l].mlp.max > 0 ? mlpUnits(layer) : 0,
  }));
  return Math.min(1, (1 - sparsity) * (prunableParameters(shape) / widthParameters(shape, dense)));
}

/** Parameters of one more unit of a kind in every layer that keeps any. */
function commonCost({ shape, limits }: AllocationInput, kind: UnitKind): number {
  const costs = unitCosts(shape);
  return limits.reduce((sum, limit, l) => sum + (limit[kind].max > 0 ? costs[kind][l] : 0), 0);
}

/**
 * Largest common MLP width beside `kvGroups`, or undefined where even the smallest is too much.
 * Also undefined where full-width MLPs leave room for a further KV group: that would remove more than asked.
 */
function channelsBeside(input: AllocationInput, kvGroups: number, budget: number): number | undefined {
  const [attentionCost, mlpCost] = [commonCost(input, "attention"), commonCost(input, "mlp")];
  const range = commonRange(input, "mlp");
  const step = Math.max(...input.limits.map((limit) => limit.mlp.step));
  const room = budget - kvGroups * attentionCost;
  const affordable = Math.floor(room / mlpCost / step) * step;
  if (affordable < range.min) return undefined;
  const groupRange = commonRange(input, "attention");
  const spare = room - range.max * mlpCost;
  if (kvGroups < groupRange.max && spare >= attentionCost) return undefined;
  return Math.min(affordable, range.max);
}

function assertPlain(input: AllocationInput): void {
  const kept = input.shape.layers.filter((_, l) => input.limits[l].attention.max > 0);
  const ratios = new Set(kept.map(queryHeadsPerGroup));
  if (ratios.size > 1) throw new RangeError("equal widths need the same query heads per KV head in all layers");
  const mixtures = input.shape.layers.filter(({ experts }) => experts !== undefined).length;
  if (mixtures > 0 && mixtures < input.shape.layers.length) {
    const message = "target.layout 'uniform' needs experts in every layer or in none. Choose the layout 'free'.";
    throw new AppError("VALIDATION_FAILED", message, { errors: [{ detail: message, pointer: "/target/layout" }] });
  }
  const { min, max } = commonRange(input, "mlp");
  if (min > max) throw new RangeError("equal widths need overlapping ranges: a protected layer is wider than another");
}

function unreachable(input: AllocationInput): AppError {
  const { shape, sparsity } = input;
  const least =
    commonRange(input, "attention").min * commonCost(input, "attention") +
    commonRange(input, "mlp").min * commonCost(input, "mlp");
  const reachable = Math.floor((1 - least / prunableParameters(shape)) * 1e4) / 1e4;
  return new AppError(
    "SPARSITY_UNREACHABLE",
    `Sparsity ${sparsity} cannot be reached with equal widths. The largest reachable sparsity is ${reachable}; ask for at most that.`,
  );
}
