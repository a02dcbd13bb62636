import { cholesky, solveLower, solveLowerFour, solveLowerTransposed } from "../../numeric/cholesky.js";

/** Length scales that are tried, in units of the root of the number of coordinates; the likeliest is taken. */
const LENGTHS = [0.08, 0.16, 0.32, 0.64, 1.28, 2.56] as const;
/** Variance of what the kernel does not explain, against 1 of what it does: whole widths make small steps. */
const NUGGET = 1e-4;

/** Places that are predicted together: their sums do not wait for each other. */
const AT_ONCE = 4;

/** Mean and standard deviation of the value at a place. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
}

/** A smooth function through known values. */
export interface GaussianProcess {
  /** One prediction per place. */
  predict(places: readonly Float64Array[]): Prediction[];
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
  const reaches = pairReaches(places);
  const unit = Math.sqrt(places[0]?.length ?? 0);
  let best: Fit | null = null;
  for (const length of LENGTHS) {
    const fitted = fit(reaches, centred, length * unit);
    if (fitted !== null && (best === null || fitted.likelihood > best.likelihood)) best = fitted;
  }
  if (best === null) return null;
  const { factor, alpha, variance, length } = best;
  const k = new Float64Array(AT_ONCE * n);
  return {
    predict(asked) {
      const predictions: Prediction[] = [];
      for (let first = 0; first < asked.length; first += AT_ONCE) {
        // Too few are filled up with the last one, whose copies are dropped.
        const four = (j: number): Float64Array => asked[Math.min(first + j, asked.length - 1)];
        reachesOfFour(places, [four(0), four(1), four(2), four(3)], k);
        for (let i = 0; i < k.length; i++) k[i] = matern(k[i], length);
        const means = weightedSums(k, alpha, mean);
        solveLowerFour(factor, k);
        for (let j = 0; j < AT_ONCE && first + j < asked.length; j++) {
          let left = 1;
          for (let i = j; i < k.length; i += AT_ONCE) left -= k[i] * k[i];
          predictions.push({ mean: means[j], deviation: Math.sqrt(Math.max(left, 0) * variance) });
        }
      }
      return predictions;
    },
  };
}

/** `start` + Σ weights[i] · k[i·4 + j] for each of four j. */
function weightedSums(k: Float64Array, weights: Float64Array, start: number): readonly number[] {
  let [s0, s1, s2, s3] = [start, start, start, start];
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    s0 += k[i * 4] * weight;
    s1 += k[i * 4 + 1] * weight;
    s2 += k[i * 4 + 2] * weight;
    s3 += k[i * 4 + 3] * weight;
  }
  return [s0, s1, s2, s3];
}

/** What `matern` takes for four places and all known ones, out[known·4 + j]. */
function reachesOfFour(
  places: readonly Float64Array[],
  [a, b, c, d]: readonly [Float64Array, Float64Array, Float64Array, Float64Array],
  out: Float64Array,
): void {
  for (let i = 0; i < places.length; i++) {
    const known = places[i];
    let [sa, sb, sc, sd] = [0, 0, 0, 0];
    for (let x = 0; x < known.length; x++) {
      const at = known[x];
      const [ga, gb, gc, gd] = [a[x] - at, b[x] - at, c[x] - at, d[x] - at];
      sa += ga * ga;
      sb += gb * gb;
      sc += gc * gc;
      sd += gd * gd;
    }
    out[i * 4] = Math.sqrt(5 * sa);
    out[i * 4 + 1] = Math.sqrt(5 * sb);
    out[i * 4 + 2] = Math.sqrt(5 * sc);
    out[i * 4 + 3] = Math.sqrt(5 * sd);
  }
}

interface Fit {
  readonly factor: Float64Array;
  readonly alpha: Float64Array;
  readonly variance: number;
  readonly length: number;
  readonly likelihood: number;
}

function fit(reaches: Float64Array, centred: Float64Array, length: number): Fit | null {
  const n = centred.length;
  const kernel = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) kernel[i * n + j] = matern(reaches[i * n + j], length);
    kernel[i * n + i] = 1 + NUGGET;
  }
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

/** @param reach root of five times the squared distance. */
function matern(reach: number, length: number): number {
  const r = reach / length;
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

/** Square of the distance of two places. */
function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) {
    const gap = a[d] - b[d];
    sum += gap * gap;
  }
  return sum;
}

/** What `matern` takes for each pair of places: the lower triangle of a row-major [n, n]. */
function pairReaches(places: readonly Float64Array[]): Float64Array {
  const n = places.length;
  const reaches = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) reaches[i * n + j] = Math.sqrt(5 * squaredDistance(places[i], places[j]));
  }
  return reaches;
}
