import { truncatedNormalQuantile } from "../../../numeric/truncated-normal.js";
import { type AxisRange, axisRange } from "../../../space/axis.js";
import type { NumericDimension } from "../../../space/dimension.js";
import { snap } from "../../../space/encoding.js";
import { type BandwidthSettings, kernelWidths } from "./bandwidths.js";

/** Truncated normal kernels of a numeric dimension, on the axis (logs for a log dimension). */
export interface NumericKernels {
  readonly dimension: NumericDimension;
  readonly range: AxisRange;
  /** Centres, shape [observations + 1], the prior's (the middle of the range) last. */
  readonly mus: Float64Array;
  /** Widths, same shape. */
  readonly sigmas: Float64Array;
}

/** Places and sizes the kernels of one numeric dimension. `dimensions` = parameters in the joint density. */
export function numericKernels(
  dimension: NumericDimension,
  observations: Float64Array,
  dimensions: number,
  settings: BandwidthSettings,
): NumericKernels {
  const range = axisRange(dimension);
  const count = observations.length;
  const mus = new Float64Array(count + 1);
  if (dimension.log) for (let i = 0; i < count; i++) mus[i] = Math.log(observations[i]);
  else mus.set(observations);
  mus[count] = 0.5 * (range.low + range.high);
  return { dimension, range, mus, sigmas: kernelWidths(mus, dimensions, range, settings) };
}

/** The user-side value at a quantile of one kernel: inverse cdf, exp if log, then the nearest reachable value. */
export function drawNumeric(
  { dimension, range, mus, sigmas }: NumericKernels,
  kernel: number,
  quantile: number,
): number {
  const mu = mus[kernel];
  const sigma = sigmas[kernel];
  const z = truncatedNormalQuantile(quantile, (range.low - mu) / sigma, (range.high - mu) / sigma);
  const x = mu + sigma * z;
  return snap(dimension, dimension.log ? Math.exp(x) : x);
}
