import type { PruningSpace } from "./pruning-space.js";

/** Blocks, from the first one on, that no point of a space can prune: the least that `protect.first` may be. */
export function neverPrunedBlocks({ parameters, neutral, inactive }: PruningSpace): number {
  const name = "protect.first";
  const searched = parameters.find((parameter) => parameter.name === name);
  if (searched === undefined) return Number(neutral[name] ?? 0);
  const values = searched.type === "categorical" ? searched.choices.map(Number) : [searched.low];
  return Math.min(...values, ...(searched.when === undefined ? [] : [Number(inactive[name])]));
}
