import type { DecoderShape } from "@espalier/contracts";
import { unitCosts } from "../units/costs.js";
import type { Plan } from "../units/plan.js";
import { type UnitKind, unitKinds } from "../units/vectors.js";
import {
  type DroppedSubBlocks,
  type LimitOptions,
  sparsityBudget,
  widestWidths,
  widthLimits,
  widthParameters,
} from "./limits.js";
import type { BlockChange } from "./modifiers/index.js";

/** How many parts of the model leave whole (depth pruning); all 0 drops nothing. */
export interface DropCounts {
  /** Whole decoder blocks. */
  readonly blocks: number;
  /** Attention and MLP sub-blocks, beside those of whole blocks. */
  readonly attention: number;
  readonly mlp: number;
}

export interface DropOptions extends LimitOptions {
  readonly drop?: DropCounts;
  readonly sparsity: number;
  readonly blockChange?: BlockChange;
}

/**
 * The sub-blocks that a point drops: those that change their input least (1 − cosine, ShortGPT's block influence; ties:
 * first layer), whole blocks first, then attention, then MLPs. Protected and absent ones do not count, and one of each
 * kind stays. A count is an upper bound: no more leave than the sparsity pays for, so that every target stays reachable
 * and a larger sparsity drops what a smaller one does. What is left of the budget is for widths.
 * RangeError for counts without measured changes.
 */
export function droppedSubBlocks(shape: DecoderShape, options: DropOptions): DroppedSubBlocks {
  const { drop = { blocks: 0, attention: 0, mlp: 0 }, blockChange, protectFirst = 0, protectLast = 0 } = options;
  const dropped = { attention: shape.layers.map(() => false), mlp: shape.layers.map(() => false) };
  if (drop.blocks + drop.attention + drop.mlp === 0) return dropped;
  if (blockChange === undefined) throw new RangeError("nothing can be dropped without measured block changes");
  const costs = unitCosts(shape);
  const limits = widthLimits(shape, options);
  const present = (kind: UnitKind, layer: number): boolean => limits[layer][kind].max > 0 && !dropped[kind][layer];
  const isLast = (kind: UnitKind): boolean => shape.layers.filter((_, layer) => present(kind, layer)).length <= 1;
  let room = widthParameters(shape, widestWidths(limits)) - sparsityBudget(shape, options.sparsity);

  const take = (changes: readonly number[], kinds: readonly UnitKind[], count: number): void => {
    const ranked = [...shape.layers.keys()]
      .slice(protectFirst, shape.layers.length - protectLast)
      .filter((layer) => kinds.some((kind) => present(kind, layer)))
      .sort((a, b) => changes[a] - changes[b] || a - b);
    for (const layer of ranked.slice(0, count)) {
      const leaving = kinds.filter((kind) => present(kind, layer));
      const cost = leaving.reduce((sum, kind) => sum + limits[layer][kind].max * costs[kind][layer], 0);
      if (cost > room || leaving.some(isLast)) return;
      room -= cost;
      for (const kind of leaving) dropped[kind][layer] = true;
    }
  };
  take(blockChange.block, unitKinds, drop.blocks);
  take(blockChange.attention, ["attention"], drop.attention);
  take(blockChange.mlp, ["mlp"], drop.mlp);
  return dropped;
}

/** The sub-blocks of which a plan keeps nothing: only those that were dropped, or absent before, have no unit left. */
export function droppedBy(plan: Plan): DroppedSubBlocks {
  return {
    attention: plan.layers.map(({ kvGroups }) => kvGroups.length === 0),
    mlp: plan.layers.map(({ channels }) => channels.length === 0),
  };
}
