import { dominates } from "./non-domination.js";

type Point = readonly number[];

/** Volume between one point and the reference point. */
export function boxVolume(point: Point, reference: Point): number {
  return point.reduce((volume, value, i) => volume * (reference[i] - value), 1);
}

/** Points of the front, each once, lexicographically ascending. */
function distinctFront(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(compareLexicographically);
  const distinct = sorted.filter((p, i) => i === 0 || compareLexicographically(sorted[i - 1], p) !== 0);
  return distinct.filter((p) => !distinct.some((q) => dominates(q, p)));
}

/** Lexicographic order of two points, infinities allowed. */
export function compareLexicographically(a: Point, b: Point): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

function staircase(front: readonly Point[], reference: Point): number {
  let top = reference[1];
  let volume = 0;
  for (const [x, y] of front) {
    volume += (reference[0] - x) * (top - y);
    top = y;
  }
  return volume;
}

/**
 * Volume dominated by `points` up to `reference`; smaller is better, every point must be within the reference.
 * Two objectives by the staircase; more by exclusive volumes, each point against those after it
 * (WFG: While, Bradstreet, Barone, IEEE Transactions on Evolutionary Computation 16, 2012).
 */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const front = distinctFront(points);
  if (reference.length === 2) return staircase(front, reference);
  let volume = 0;
  front.forEach((point, i) => {
    const limited = front.slice(i + 1).map((other) => other.map((value, k) => Math.max(value, point[k])));
    volume += boxVolume(point, reference) - (limited.length > 0 ? hypervolume(limited, reference) : 0);
  });
  return volume;
}
