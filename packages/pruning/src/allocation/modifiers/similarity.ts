import type { Modifier } from "./modifier.js";

/** Floor on a sub-block's change relative to the mean: keeps the log finite for a block that does nothing. */
const MIN_RELATIVE_CHANGE = 1e-3;

/**
 * Favours sub-blocks that change their input much (ShortGPT's block influence): strength · log(change / mean change),
 * attention and MLP each against their own mean. Without measured changes it does nothing.
 */
export const similarity: Modifier = {
  logFactors({ shape, blockChange }, strength) {
    const none = shape.layers.map(() => 0);
    if (blockChange === undefined || strength === 0) return { attention: none, mlp: none };
    return { attention: relative(blockChange.attention, strength), mlp: relative(blockChange.mlp, strength) };
  },
};

function relative(changes: readonly number[], strength: number): number[] {
  const mean = changes.reduce((sum, x) => sum + x, 0) / changes.length;
  if (!(mean > 0)) return changes.map(() => 0);
  return changes.map((x) => strength * Math.log(Math.max(x / mean, MIN_RELATIVE_CHANGE)));
}
