/**
 * Parts names into groups: two names share a group exactly if the same trials contain them.
 * @param trials the names in each trial, in history order. Groups come in order of their first name's appearance.
 */
export function groupNames(trials: readonly (readonly string[])[]): string[][] {
  const seen = new Map<string, number[]>();
  trials.forEach((names, i) => {
    for (const name of new Set(names)) seen.set(name, [...(seen.get(name) ?? []), i]);
  });
  const groups = new Map<string, string[]>();
  for (const [name, trialIndexes] of seen) {
    const key = trialIndexes.join(",");
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()];
}

/**
 * Names that every trial has with one and the same range.
 * @param trials range of each name, as any text that is equal for equal ranges.
 */
export function commonNames(trials: readonly ReadonlyMap<string, string>[]): string[] {
  const [first, ...others] = trials;
  if (first === undefined) return [];
  return [...first].filter(([name, range]) => others.every((trial) => trial.get(name) === range)).map(([name]) => name);
}
