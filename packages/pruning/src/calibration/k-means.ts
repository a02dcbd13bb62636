import type { Rng } from "@espalier/search";

/** Points as rows of one array. */
export interface Points {
  /** [count, dimension]. */
  readonly values: Float64Array;
  readonly count: number;
  readonly dimension: number;
}

/** Rounds after which Lloyd's iteration stops even if points still move. */
const MAX_ROUNDS = 100;

/**
 * Cluster of each point, 0 … k−1, by k-means++ seeding and Lloyd's iteration in float64 (Arthur and Vassilvitskii 2007).
 * Deterministic for a given stream of `rng`; ties go to the lower index; no cluster is left empty while there are at
 * least k distinct points (an empty one takes the point farthest from its centre). Throws RangeError unless 1 ≤ k ≤ count.
 */
export function kMeans(points: Points, k: number, rng: Rng): Int32Array {
  const { values, count, dimension } = points;
  if (values.length !== count * dimension) {
    throw new RangeError(`${values.length} numbers for ${count} points of dimension ${dimension}`);
  }
  if (!Number.isInteger(k) || k < 1 || k > count) throw new RangeError(`k = ${k} clusters of ${count} points`);
  const centres = seedCentres(points, k, rng);
  const owner = new Int32Array(count).fill(-1);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!assign(points, centres, k, owner)) break;
    fillEmpty(points, centres, k, owner);
    moveCentres(points, centres, k, owner);
  }
  return owner;
}

function seedCentres(points: Points, k: number, rng: Rng): Float64Array {
  const { values, count, dimension } = points;
  const centres = new Float64Array(k * dimension);
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  let chosen = Math.min(count - 1, Math.floor(rng.next() * count));
  for (let c = 0; c < k; c++) {
    centres.set(values.subarray(chosen * dimension, (chosen + 1) * dimension), c * dimension);
    let total = 0;
    for (let i = 0; i < count; i++) {
      nearest[i] = Math.min(nearest[i], squaredDistance(values, i, centres, c, dimension));
      total += nearest[i];
    }
    chosen = draw(nearest, total, rng);
  }
  return centres;
}

/** An index drawn with probability proportional to its weight; the last one with a weight when rounding runs past. */
function draw(weights: Float64Array, total: number, rng: Rng): number {
  let left = rng.next() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    last = i;
    left -= weights[i];
    if (left < 0) return i;
  }
  return last;
}

function assign(points: Points, centres: Float64Array, k: number, owner: Int32Array): boolean {
  let moved = false;
  for (let i = 0; i < points.count; i++) {
    let best = 0;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const distance = squaredDistance(points.values, i, centres, c, points.dimension);
      if (distance < bestDistance) {
        best = c;
        bestDistance = distance;
      }
    }
    moved ||= owner[i] !== best;
    owner[i] = best;
  }
  return moved;
}

/** Gives each empty cluster the point farthest from its own centre, taken from a cluster that keeps another point. */
function fillEmpty(points: Points, centres: Float64Array, k: number, owner: Int32Array): void {
  const sizes = new Int32Array(k);
  for (const c of owner) sizes[c]++;
  for (let empty = 0; empty < k; empty++) {
    if (sizes[empty] > 0) continue;
    let farthest = -1;
    let farthestDistance = 0;
    for (let i = 0; i < points.count; i++) {
      if (sizes[owner[i]] < 2) continue;
      const distance = squaredDistance(points.values, i, centres, owner[i], points.dimension);
      if (distance > farthestDistance) {
        farthest = i;
        farthestDistance = distance;
      }
    }
    if (farthest < 0) continue; // fewer than k distinct points: the cluster stays empty
    sizes[owner[farthest]]--;
    sizes[empty] = 1;
    owner[farthest] = empty;
  }
}

function moveCentres(points: Points, centres: Float64Array, k: number, owner: Int32Array): void {
  const { values, count, dimension } = points;
  const sums = new Float64Array(k * dimension);
  const sizes = new Int32Array(k);
  for (let i = 0; i < count; i++) {
    sizes[owner[i]]++;
    for (let d = 0; d < dimension; d++) sums[owner[i] * dimension + d] += values[i * dimension + d];
  }
  for (let c = 0; c < k; c++) {
    if (sizes[c] === 0) continue; // keeps its place
    for (let d = 0; d < dimension; d++) centres[c * dimension + d] = sums[c * dimension + d] / sizes[c];
  }
}

function squaredDistance(values: Float64Array, i: number, centres: Float64Array, c: number, dimension: number): number {
  let sum = 0;
  for (let d = 0; d < dimension; d++) {
    const difference = values[i * dimension + d] - centres[c * dimension + d];
    sum += difference * difference;
  }
  return sum;
}
