import { compareLexicographically } from "../samplers/tpe/objectives/hypervolume.js";
import { dominates } from "../samplers/tpe/objectives/non-domination.js";

/**
 * Indexes of the points that no other dominates, ascending by first objective; of equal points the first. Smaller is
 * better in each objective; a point with a coordinate that is NaN is left out. Two objectives in O(n log n), more in
 * O(n · front).
 * @param points shape [n][objectives].
 */
export function paretoFront(points: readonly (readonly number[])[]): number[] {
  const order = points.flatMap((point, i) => (point.some(Number.isNaN) ? [] : [i]));
  order.sort((a, b) => compareLexicographically(points[a], points[b]) || a - b);
  const front: number[] = [];
  // In lexicographic order a point is dominated by none after it; of two objectives, only the last one kept can.
  for (const i of order) {
    const last = front.at(-1);
    const beaten =
      points[i].length === 2
        ? last !== undefined && points[last][1] <= points[i][1]
        : front.some((j) => compareLexicographically(points[j], points[i]) === 0 || dominates(points[j], points[i]));
    if (!beaten) front.push(i);
  }
  return front;
}
