import type { WidthRange } from "./limits.js";

/** One width to scale: wished width > 0, cost per unit, range to clamp to. */
export interface WaterFillItem {
  readonly desired: number;
  readonly cost: number;
  readonly range: WidthRange;
}

/** Halvings of the interval for the log factor: past the digits of a double. */
const BISECTIONS = 100;
/** Natural log of the largest change of scale that is tried; e^40 reaches every clamp. */
const MAX_LOG_FACTOR = 40;

/**
 * Real widths clamp(desired · e^t, min, max) whose total cost is `budget`, t common to all.
 * The cost never falls as t grows, so bisection finds t; the largest t that still fits is taken. A budget beyond
 * full widths gives full widths, one below minimal widths gives minimal widths.
 */
export function waterFill(items: readonly WaterFillItem[], budget: number): number[] {
  const at = (t: number) =>
    items.map(({ desired, range }) => Math.min(range.max, Math.max(range.min, desired * Math.exp(t))));
  const cost = (t: number) => at(t).reduce((sum, width, i) => sum + width * items[i].cost, 0);
  let low = -MAX_LOG_FACTOR;
  let high = MAX_LOG_FACTOR;
  if (cost(high) <= budget) return at(high);
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (cost(middle) <= budget) low = middle;
    else high = middle;
  }
  return at(low);
}
