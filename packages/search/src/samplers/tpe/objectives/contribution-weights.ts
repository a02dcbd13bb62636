import { compareLexicographically, hypervolume } from "./hypervolume.js";
import { nonDominationRanks } from "./non-domination.js";
import { referencePoint } from "./reference-point.js";

/** Weight of good trials that add nothing: keeps their kernels in the mixture without any say. */
export const SMALLEST_WEIGHT = 1e-12;

/**
 * MOTPE weights of good trials (Ozaki et al., 2022, as in Optuna 4.9): what each adds to the hypervolume of its front,
 * divided by the largest, at least 1e-12; points off the front get 1e-12. One point, or an infinite volume: all 1.
 * @param points losses, smaller is better, shape [trials][objectives].
 */
export function contributionWeights(points: readonly (readonly number[])[]): Float64Array {
  const ones = new Float64Array(points.length).fill(1);
  if (points.length <= 1) return ones;
  const reference = referencePoint(points);
  const ranks = nonDominationRanks(points);
  const front = points.filter((_, i) => ranks[i] === 0);
  const total = hypervolume(front, reference);
  if (!Number.isFinite(total)) return ones;
  const added = points.map((point, i) => (ranks[i] === 0 ? total - volumeWithout(point, front, reference) : 0));
  const largest = Math.max(...added, SMALLEST_WEIGHT);
  return Float64Array.from(added, (value) => Math.max(value / largest, SMALLEST_WEIGHT));
}

/** Volume of the front less one occurrence of a point: a point that occurs twice adds nothing. */
function volumeWithout(point: readonly number[], front: readonly (readonly number[])[], reference: number[]): number {
  const at = front.findIndex((other) => compareLexicographically(other, point) === 0);
  return hypervolume(front.toSpliced(at, 1), reference);
}
