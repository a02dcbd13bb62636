import { AppError } from "@espalier/contracts";
import { prunableParameters, queryHeadsPerGroup, unitCosts } from "../units/costs.js";
import type { LayerWidths } from "../units/plan.js";
import { type Allocation, type AllocationInput, widthBudget } from "./allocation.js";

/**
 * Equal widths in all layers (`layout: uniform`), so that the result is a plain Llama folder.
 * KV groups: the count nearest to K·(1 − sparsity)·e^attentionFactor for which some MLP width fits; channels: the
 * largest width within the budget. The unit is one channel step in every layer, and the target is met within it.
 */
export const equalAllocation: Allocation = {
  widths(input) {
    const { shape, sparsity, attentionFactor } = input;
    assertPlain(input);
    const budget = widthBudget(input);
    const groups = commonRange(input, "attention");
    const wished = groups.max * (1 - sparsity) * Math.exp(attentionFactor);
    let best: LayerWidths | undefined;
    for (let kvGroups = groups.min; kvGroups <= groups.max; kvGroups++) {
      const channels = channelsBeside(input, kvGroups, budget);
      // `<` keeps the smaller count in a tie, which leaves the wider MLP.
      const nearer = best === undefined || Math.abs(kvGroups - wished) < Math.abs(best.kvGroups - wished);
      if (channels !== undefined && nearer) best = { kvGroups, channels };
    }
    if (best === undefined) throw unreachable(input);
    const { kvGroups, channels } = best;
    return shape.layers.map(() => ({ kvGroups, channels }));
  },
};

function commonRange({ limits }: AllocationInput, kind: "attention" | "mlp"): { min: number; max: number } {
  return {
    min: Math.max(...limits.map((limit) => limit[kind].min)),
    max: Math.min(...limits.map((limit) => limit[kind].max)),
  };
}

/**
 * Largest common MLP width beside `kvGroups`, or undefined where even the smallest is too much.
 * Also undefined where full-width MLPs leave room for a further KV group: that would remove more than asked.
 */
function channelsBeside(input: AllocationInput, kvGroups: number, budget: number): number | undefined {
  const costs = unitCosts(input.shape);
  const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
  const range = commonRange(input, "mlp");
  const step = Math.max(...input.limits.map((limit) => limit.mlp.step));
  const room = budget - kvGroups * sum(costs.attention);
  const affordable = Math.floor(room / sum(costs.mlp) / step) * step;
  if (affordable < range.min) return undefined;
  const groupRange = commonRange(input, "attention");
  const spare = room - range.max * sum(costs.mlp);
  if (kvGroups < groupRange.max && spare >= sum(costs.attention)) return undefined;
  return Math.min(affordable, range.max);
}

function assertPlain(input: AllocationInput): void {
  const ratios = new Set(input.shape.layers.map(queryHeadsPerGroup));
  if (ratios.size > 1) throw new RangeError("equal widths need the same query heads per KV head in all layers");
  const { min, max } = commonRange(input, "mlp");
  if (min > max) throw new RangeError("equal widths need overlapping ranges: a protected layer is wider than another");
}

function unreachable(input: AllocationInput): AppError {
  const { shape, sparsity } = input;
  const costs = unitCosts(shape);
  const groups = commonRange(input, "attention").min;
  const channels = commonRange(input, "mlp").min;
  const least = shape.layers.reduce((sum, _, l) => sum + groups * costs.attention[l] + channels * costs.mlp[l], 0);
  const reachable = Math.floor((1 - least / prunableParameters(shape)) * 1e4) / 1e4;
  return new AppError(
    "SPARSITY_UNREACHABLE",
    `Sparsity ${sparsity} cannot be reached with equal widths. The largest reachable sparsity is ${reachable}; ask for at most that.`,
  );
}
