/** Names that are offered when one is not found. */
const MAX_OFFERED = 3;
/** Longer names are compared by their beginning. */
const MAX_COMPARED = 64;

/** The existing names nearest to the one asked for, by edit distance; ties in the order of the names. */
export function closestNames(asked: string, existing: readonly string[]): readonly string[] {
  return existing
    .map((name) => ({ name, distance: editDistance(asked.slice(0, MAX_COMPARED), name.slice(0, MAX_COMPARED)) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_OFFERED)
    .map(({ name }) => name);
}

/** Levenshtein's distance, letters compared without case. */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
