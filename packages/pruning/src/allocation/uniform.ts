import { mlpUnits } from "@espalier/contracts";
import { type Allocation, widthBudget } from "./allocation.js";
import { settleWidths } from "./settle.js";

/** The same share of every unprotected layer, attention and MLP alike; scores decide only which units leave. */
export const uniformAllocation: Allocation = {
  widths(input) {
    const { shape, limits } = input;
    // Dense widths as the wish: the common factor of the water-filling is the share that stays.
    const desired = {
      attention: shape.layers.map((layer) => layer.kvHeads),
      mlp: shape.layers.map(mlpUnits),
    };
    return settleWidths(shape, limits, desired, widthBudget(input));
  },
};
