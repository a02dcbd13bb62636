import { LOG_SQRT_2PI, logGaussMass } from "../../../numeric/normal.js";
import { toAxis } from "../../../space/axis.js";
import type { DimensionKernels } from "./dimension-kernels.js";
import { drawNumeric, type NumericKernels } from "./numeric-kernels.js";

function subtractOne(x: number, mus: Float64Array, scales: Float64Array, out: Float64Array): void {
  for (let k = 0; k < mus.length; k++) {
    const z = (x - mus[k]) * scales[k];
    out[k] -= z * z;
  }
}

/** `subtractOne` for four points in one pass: each kernel's centre and scale are loaded once. */
function subtractFour(
  x: Float64Array,
  mus: Float64Array,
  scales: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  const [xa, xb, xc, xd] = x;
  for (let k = 0; k < mus.length; k++) {
    const mu = mus[k];
    const scale = scales[k];
    const za = (xa - mu) * scale;
    const zb = (xb - mu) * scale;
    const zc = (xc - mu) * scale;
    const zd = (xd - mu) * scale;
    a[k] -= za * za;
    b[k] -= zb * zb;
    c[k] -= zc * zc;
    d[k] -= zd * zd;
  }
}

/**
 * Densities of truncated normals: -(x-μ)²/2σ² - log σ - log √2π - log mass of the range.
 * For a log dimension this is the density of ln x, without the factor 1/x. Outside the range it is -Infinity.
 */
export function continuousKernels(kernels: NumericKernels): DimensionKernels {
  const { dimension, range, mus, sigmas } = kernels;
  const count = mus.length;
  // Scaled so that one multiplication and one subtraction give (x - μ) / (σ√2), whose square is subtracted.
  const scales = new Float64Array(count);
  for (let k = 0; k < count; k++) scales[k] = Math.SQRT1_2 / sigmas[k];
  return {
    addConstants(out) {
      let lastSigma = Number.NaN;
      let logSigma = Number.NaN;
      for (let k = 0; k < count; k++) {
        const sigma = sigmas[k];
        // Most kernels have the smallest width: one logarithm serves them all.
        if (sigma !== lastSigma) [lastSigma, logSigma] = [sigma, Math.log(sigma)];
        const mass = logGaussMass((range.low - mus[k]) / sigma, (range.high - mus[k]) / sigma);
        out[k] -= logSigma + LOG_SQRT_2PI + mass;
      }
    },
    addLogDensities(points, first, out) {
      const x = Float64Array.from(out, (_, i) => toAxis(points[first + i], dimension));
      const [a, b, c, d] = out;
      if (out.length === 4) subtractFour(x, mus, scales, a, b, c, d);
      else for (let i = 0; i < out.length; i++) subtractOne(x[i], mus, scales, out[i]);
      for (let i = 0; i < out.length; i++) if (x[i] < range.low || x[i] > range.high) out[i].fill(-Infinity);
    },
    draw: (kernel, quantile) => drawNumeric(kernels, kernel, quantile),
    describe: () => ({ mus, sigmas }),
  };
}
