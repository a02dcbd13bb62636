import { type Allocation, widthBudget } from "./allocation.js";
import { cutKeepOrder, keepOrder, widthsAfter } from "./keep-order.js";
import { widthParameters } from "./limits.js";

/**
 * One keep-order over all layers and both kinds, cut at the budget.
 * A KV group costs as much as many channels, so where it is the last to leave, the best of the removed channels come
 * back while the budget holds: plans of all metrics meet the target within one channel step and compare fairly.
 */
export const globalAllocation: Allocation = {
  widths(input) {
    const { shape, densities, limits } = input;
    const budget = widthBudget(input);
    const order = keepOrder(shape, densities, limits);
    const taken = cutKeepOrder(shape, order, budget);
    const widths = widthsAfter(order, taken);
    let slack = budget - widthParameters(shape, widths);
    for (let i = taken - 1; i >= 0; i--) {
      const { layer, kind, count, cost } = order.steps[i];
      if (kind === "attention") continue;
      if (cost > slack) continue;
      widths[layer].channels += count;
      slack -= cost;
    }
    return widths;
  },
};
