import type { GradientRule } from "./rule.js";

/** y_i = table[index_i]: row v of the table gets the sum of dy over all i with index v. */
export const gatherGradient: GradientRule<"Gather"> = (g, { inputs: [table, indices] }, dy) => [
  g.add("ScatterAddRows", [dy, indices], { rows: Number(table.shape[0]) }),
  undefined,
];
