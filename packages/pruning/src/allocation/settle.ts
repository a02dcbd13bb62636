import type { DecoderShape } from "@espalier/contracts";
import { unitCosts } from "../units/costs.js";
import type { LayerWidths } from "../units/plan.js";
import type { LayerLimits, WidthRange } from "./limits.js";
import { waterFill } from "./water-fill.js";

/** Widths wished for, per layer and kind; any positive numbers, only their ratios count. */
export interface DesiredWidths {
  readonly attention: readonly number[];
  readonly mlp: readonly number[];
}

interface Item {
  readonly layer: number;
  readonly desired: number;
  readonly cost: number;
  readonly range: WidthRange;
}

/**
 * Integer widths nearest to the wished ones that keep at most `budget` parameters.
 * 1. One common factor on all wished widths meets the budget, each clamped to its range (water-filling).
 * 2. KV groups are few and expensive: rounded to the nearest count first.
 * 3. Channels share what is left by water-filling, are rounded down to steps, and the last steps go to the largest
 *    remainders (ties: first layer). So less than one step of channels stays unspent, unless all channels are kept.
 * `budget` must not be below the cost of the minimal widths (RangeError).
 */
export function settleWidths(
  shape: DecoderShape,
  limits: readonly LayerLimits[],
  desired: DesiredWidths,
  budget: number,
): LayerWidths[] {
  const costs = unitCosts(shape);
  const items = (kind: "attention" | "mlp"): Item[] =>
    limits.map((limit, layer) => ({
      layer,
      desired: desired[kind][layer],
      cost: costs[kind][layer],
      range: limit[kind],
    }));
  const attention = items("attention");
  const mlp = items("mlp");
  const real = waterFill([...attention, ...mlp], budget);
  const wished = real.slice(0, limits.length);
  const groups = settleGroups(attention, wished, mlp, budget);
  const channels = settleChannels(mlp, budget - costOf(attention, groups));
  return limits.map((_, l) => ({ kvGroups: groups[l], channels: channels[l] }));
}

function settleGroups(attention: Item[], wished: readonly number[], mlp: Item[], budget: number): number[] {
  const groups = attention.map((item, i) => clamp(Math.round(wished[i]), item.range));
  const least = mlp.reduce((sum, item) => sum + item.range.min * item.cost, 0);
  const most = mlp.reduce((sum, item) => sum + item.range.max * item.cost, 0);
  // Rounded up too far: give up the groups that were rounded up most.
  while (costOf(attention, groups) + least > budget) {
    const i = largest(attention, (item, at) => (groups[at] > item.range.min ? groups[at] - wished[at] : -Infinity));
    if (i < 0) throw new RangeError(`budget ${budget} is below the minimal widths`);
    groups[i]--;
  }
  // Rounded down so far that full-width MLPs leave room: take groups back while they fit.
  for (;;) {
    const slack = budget - most - costOf(attention, groups);
    const i = largest(attention, (item, at) =>
      groups[at] < item.range.max && item.cost <= slack ? wished[at] - groups[at] : -Infinity,
    );
    if (i < 0) return groups;
    groups[i]++;
  }
}

function settleChannels(mlp: Item[], budget: number): number[] {
  const wished = waterFill(mlp, budget);
  const channels = mlp.map(({ range }, i) => clamp(range.step * Math.floor(wished[i] / range.step + 1e-9), range));
  let slack = budget - costOf(mlp, channels);
  for (;;) {
    const i = largest(mlp, ({ range, cost }, at) =>
      channels[at] + range.step <= range.max && range.step * cost <= slack
        ? (wished[at] - channels[at]) / range.step
        : -Infinity,
    );
    if (i < 0) return channels;
    channels[i] += mlp[i].range.step;
    slack -= mlp[i].range.step * mlp[i].cost;
  }
}

function costOf(items: readonly Item[], widths: readonly number[]): number {
  return items.reduce((sum, item, i) => sum + item.cost * widths[i], 0);
}

function clamp(width: number, range: WidthRange): number {
  return Math.min(range.max, Math.max(range.min, width));
}

/** Index of the first item with the largest value, or -1 where every value is -Infinity. */
function largest(items: readonly Item[], value: (item: Item, index: number) => number): number {
  let best = -1;
  let bestValue = -Infinity;
  items.forEach((item, i) => {
    const v = value(item, i);
    if (v > bestValue) {
      best = i;
      bestValue = v;
    }
  });
  return best;
}
