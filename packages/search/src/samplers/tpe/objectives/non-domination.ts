/** True if a is nowhere worse than b and somewhere better; smaller is better. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] > b[i]) return false;
    if (a[i] < b[i]) better = true;
  }
  return better;
}

/** Non-domination rank of each point: 0 for the front, 1 for the front of what is left, and so on; O(n²) per rank. */
export function nonDominationRanks(points: readonly (readonly number[])[]): Int32Array {
  const ranks = new Int32Array(points.length).fill(-1);
  let left = points.map((_, i) => i);
  for (let rank = 0; left.length > 0; rank++) {
    const front = left.filter((i) => !left.some((j) => dominates(points[j], points[i])));
    for (const i of front) ranks[i] = rank;
    left = left.filter((i) => ranks[i] === -1);
  }
  return ranks;
}
