import type { ContinuousKernels } from "./dimension-kernels.js";
import { drawNumeric, type NumericKernels } from "./numeric-kernels.js";

/** Truncated normals of a continuous dimension; on the axis, so that a log dimension's are without the factor 1/x. */
export function continuousKernels(numeric: NumericKernels): ContinuousKernels {
  return {
    kind: "continuous",
    numeric,
    draw: (kernel, quantile) => drawNumeric(numeric, kernel, quantile),
    describe: () => ({ mus: numeric.mus, sigmas: numeric.sigmas }),
  };
}
