import type { Rng } from "@espalier/search";
import type { Points } from "./k-means.js";

/** The directions in which points differ most. */
export interface PrincipalAxes {
  /** [2, dimension], orthonormal; a direction without variance is zero. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** Mean of the points, [dimension]. */
  readonly mean: Float64Array;
  /** Share of the variance along each. */
  readonly explained: readonly [number, number];
}

/** Enough for a picture: eigenvalues that are close keep turning, and then any two axes of their plane are as good. */
const ROUNDS = 60;

/**
 * First two principal axes by orthogonal iteration (Golub and Van Loan, 8.2.4) on the centred points, in float64, without
 * the covariance matrix. The largest component of each axis is positive, so that the same points give the same picture.
 */
export function principalAxes(points: Points, rng: Rng): PrincipalAxes {
  const { dimension } = points;
  const mean = meanOf(points);
  const start = (): Float64Array => Float64Array.from({ length: dimension }, () => rng.next() - 0.5);
  let [first, second] = [normalised(start()), normalised(start())];
  let variances: readonly [number, number] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const next = covarianceTimes(points, mean, [first, second]);
    variances = [dot(first, next[0]), dot(second, next[1])];
    first = normalised(next[0]);
    second = normalised(without(next[1], first));
  }
  const total = varianceOf(points, mean);
  const shareOf = (variance: number): number => (total === 0 ? 0 : Math.min(1, Math.max(0, variance / total)));
  return {
    axes: [signed(first), signed(second)],
    mean,
    explained: [shareOf(variances[0]), shareOf(variances[1])],
  };
}

/** Where a point stands on the axes. */
export function placeOn({ axes, mean }: PrincipalAxes, { values, dimension }: Points, point: number) {
  let [x, y] = [0, 0];
  for (let d = 0; d < dimension; d++) {
    const value = values[point * dimension + d] - mean[d];
    x += value * axes[0][d];
    y += value * axes[1][d];
  }
  return { x, y };
}

function meanOf({ values, count, dimension }: Points): Float64Array {
  const mean = new Float64Array(dimension);
  values.forEach((value, at) => {
    mean[at % dimension] += value / count;
  });
  return mean;
}

function varianceOf({ values, count, dimension }: Points, mean: Float64Array): number {
  return values.reduce((sum, value, at) => sum + (value - mean[at % dimension]) ** 2, 0) / count;
}

/** Covariance of the points times each vector: Xᵀ(Xv) ÷ count. */
function covarianceTimes(points: Points, mean: Float64Array, vectors: readonly [Float64Array, Float64Array]) {
  const { values, count, dimension } = points;
  const products = [new Float64Array(dimension), new Float64Array(dimension)] as const;
  const centred = new Float64Array(dimension);
  for (let point = 0; point < count; point++) {
    for (let d = 0; d < dimension; d++) centred[d] = values[point * dimension + d] - mean[d];
    for (const [v, product] of products.entries()) {
      const along = dot(centred, vectors[v]) / count;
      for (let d = 0; d < dimension; d++) product[d] += along * centred[d];
    }
  }
  return products;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at], 0);

function normalised(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length < Number.MIN_VALUE * 2 ** 60 ? vector.fill(0) : vector.map((value) => value / length);
}

/** What is left of a vector without its part along a unit vector; nothing where that is all but rounding. */
function without(vector: Float64Array, unit: Float64Array): Float64Array {
  const along = dot(vector, unit);
  const left = vector.map((value, at) => value - along * unit[at]);
  return dot(left, left) <= 1e-24 * dot(vector, vector) ? left.fill(0) : left;
}

function signed(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
