import { boxVolume, compareLexicographically, hypervolume } from "./hypervolume.js";

type Point = readonly number[];

/**
 * Indexes of `count` points that greedily add the largest hypervolume each (Guerreiro, Fonseca, Paquete, "Greedy
 * Hypervolume Subset Selection in Low Dimensions", 2016). Ties: the lexicographically smallest point; duplicates come
 * after all distinct points, in the given order. Without a finite reference point the first `count` are taken.
 */
export function selectSubset(points: readonly Point[], count: number, reference: Point): number[] {
  const indexes = points.map((_, i) => i);
  if (!reference.every(Number.isFinite)) return indexes.slice(0, count);
  const sorted = indexes.sort((a, b) => compareLexicographically(points[a], points[b]) || a - b);
  const distinct = sorted.filter((i, k) => k === 0 || compareLexicographically(points[sorted[k - 1]], points[i]) !== 0);
  const chosen = greedy(
    distinct.map((i) => points[i]),
    Math.min(count, distinct.length),
    reference,
  );
  const picked = chosen.map((k) => distinct[k]);
  const taken = new Set(distinct);
  const duplicates = points.map((_, i) => i).filter((i) => !taken.has(i));
  return [...picked, ...duplicates.slice(0, count - picked.length)];
}

function greedy(points: readonly Point[], count: number, reference: Point): number[] {
  const chosen: number[] = [];
  // The first comparison takes every point's box; later ones subtract what the chosen points cover already.
  while (chosen.length < count) {
    const open = points.map((_, i) => i).filter((i) => !chosen.includes(i));
    const gains = open.map((i) => addedVolume(points[i], chosen, points, reference));
    const best = gains.reduce((high, gain, k) => (gain > gains[high] ? k : high), 0);
    chosen.push(open[best]);
  }
  return chosen;
}

function addedVolume(point: Point, chosen: readonly number[], points: readonly Point[], reference: Point): number {
  if (chosen.length === 0) return boxVolume(point, reference);
  if (reference.length === 2) return addedArea(point, chosen, points, reference);
  const covered = chosen.map((i) => points[i].map((value, k) => Math.max(value, point[k])));
  return boxVolume(point, reference) - hypervolume(covered, reference);
}

/** Two objectives, mutually non-dominated points: the added area is one rectangle, cut by the nearest chosen points. */
function addedArea(point: Point, chosen: readonly number[], points: readonly Point[], reference: Point): number {
  let [right, top] = reference;
  for (const i of chosen) {
    const [x, y] = points[i];
    if (x > point[0]) right = Math.min(right, x);
    else top = Math.min(top, y);
  }
  return (right - point[0]) * (top - point[1]);
}
