import { cholesky, solveLower, solveLowerTransposed } from "../../numeric/cholesky.js";

/** Length scales that are tried, in units of the root of the number of coordinates; the likeliest is taken. */
const LENGTHS = [0.08, 0.16, 0.32, 0.64, 1.28, 2.56] as const;
/** Variance of what the kernel does not explain, against 1 of what it does: whole widths make small steps. */
const NUGGET = 1e-4;

/** Mean and standard deviation of the value at a place. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
}

/** A smooth function through known values. */
export interface GaussianProcess {
  predict(place: Float64Array): Prediction;
}

/**
 * Gaussian process with a Matérn-5/2 kernel of one length scale (Rasmussen and Williams, 2006, eq. 4.17 and 5.8); scale
 * and variance by marginal likelihood, mean = mean of the values.
 * @param places one row of coordinates, each about [0, 1], per known value. Null where no length scale can be fitted.
 */
export function gaussianProcess(places: readonly Float64Array[], values: Float64Array): GaussianProcess | null {
  const n = places.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const centred = values.map((value) => value - mean);
  const squared = squaredDistances(places);
  const unit = Math.sqrt(places[0]?.length ?? 0);
  let best: Fit | null = null;
  for (const length of LENGTHS) {
    const fitted = fit(squared, centred, length * unit);
    if (fitted !== null && (best === null || fitted.likelihood > best.likelihood)) best = fitted;
  }
  if (best === null) return null;
  const { factor, alpha, variance, length } = best;
  return {
    predict(place) {
      const k = Float64Array.from(places, (known) => matern(squaredDistance(place, known), length));
      const reduced = solveLower(factor, k);
      let predicted = mean;
      let left = 1;
      for (let i = 0; i < n; i++) {
        predicted += k[i] * alpha[i];
        left -= reduced[i] ** 2;
      }
      return { mean: predicted, deviation: Math.sqrt(Math.max(left, 0) * variance) };
    },
  };
}

interface Fit {
  readonly factor: Float64Array;
  readonly alpha: Float64Array;
  readonly variance: number;
  readonly length: number;
  readonly likelihood: number;
}

function fit(squared: Float64Array, centred: Float64Array, length: number): Fit | null {
  const n = centred.length;
  const kernel = squared.map((distance) => matern(distance, length));
  for (let i = 0; i < n; i++) kernel[i * n + i] += NUGGET;
  const factor = cholesky(kernel, n);
  if (factor === null) return null;
  const alpha = solveLowerTransposed(factor, solveLower(factor, centred));
  let energy = 0;
  let logRoot = 0;
  for (let i = 0; i < n; i++) {
    energy += centred[i] * alpha[i];
    logRoot += Math.log(factor[i * n + i]);
  }
  if (!(energy > 0)) return null;
  const variance = energy / n;
  return { factor, alpha, variance, length, likelihood: -0.5 * n * Math.log(variance) - logRoot };
}

function matern(squared: number, length: number): number {
  const r = Math.sqrt(5 * squared) / length;
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

/** Square of the distance of two places. */
export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return sum;
}

/** Lower triangle of all squared distances, row-major [n, n]. */
function squaredDistances(places: readonly Float64Array[]): Float64Array {
  const n = places.length;
  const squared = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) squared[i * n + j] = squaredDistance(places[i], places[j]);
  return squared;
}
