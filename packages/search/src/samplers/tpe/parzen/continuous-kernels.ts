import { LOG_SQRT_2PI, logGaussMass } from "../../../numeric/normal.js";
import { toAxis } from "../../../space/axis.js";
import type { DimensionKernels } from "./dimension-kernels.js";
import { drawNumeric, type NumericKernels } from "./numeric-kernels.js";

/**
 * Densities of truncated normals: -(x-μ)²/2σ² - log σ - log √2π - log mass of the range.
 * For a log dimension this is the density of ln x, without the factor 1/x. Outside the range it is -Infinity.
 */
export function continuousKernels(kernels: NumericKernels): DimensionKernels {
  const { dimension, range, mus, sigmas } = kernels;
  const count = mus.length;
  // Scaled so that one multiplication and one subtraction give (x - μ) / (σ√2), whose square is subtracted.
  const scales = sigmas.map((sigma) => Math.SQRT1_2 / sigma);
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
    addLogDensities(value, out) {
      const x = toAxis(value, dimension);
      if (x < range.low || x > range.high) {
        out.fill(-Infinity);
        return;
      }
      for (let k = 0; k < count; k++) {
        const z = (x - mus[k]) * scales[k];
        out[k] -= z * z;
      }
    },
    draw: (kernel, quantile) => drawNumeric(kernels, kernel, quantile),
    describe: () => ({ mus, sigmas }),
  };
}
