import type { AxisRange } from "../../../space/axis.js";
import type { BandwidthRule } from "../options.js";

/** Factor of Optuna 4.9's multivariate rule. */
const SCOTT_FACTOR = 0.2;
/** The magic clip stops narrowing the kernels at this many observations (Bergstra et al., 2011). */
const MAGIC_CLIP_LIMIT = 100;
/** Smallest width without the magic clip. */
const SMALLEST_WIDTH = 1e-12;

/** How wide kernels are. */
export interface BandwidthSettings {
  readonly bandwidth: BandwidthRule;
  readonly endpoints: boolean;
  readonly priorNeighbour: boolean;
  readonly magicClip: boolean;
  readonly magicClipExponent: number;
  readonly minimumBandwidth: number;
}

/** Smallest width of a kernel for `count` observations: the magic clip or the given share of the range. */
function smallestWidth(count: number, range: AxisRange, settings: BandwidthSettings): number {
  const magic = range.width / Math.min(MAGIC_CLIP_LIMIT, count + 2) ** settings.magicClipExponent;
  const least = settings.magicClip ? magic : SMALLEST_WIDTH;
  return Math.max(least, settings.minimumBandwidth * range.width);
}

/** 0.2 · n^(-1/(d+4)) · range: one width for all kernels, by the number of parameters d in the joint density. */
function scottWidth(count: number, dimensions: number, range: AxisRange): number {
  return SCOTT_FACTOR * Math.max(count, 1) ** (-1 / (dimensions + 4)) * range.width;
}

/**
 * Writes the width of each observation's kernel by the neighbour rule, before clipping: the larger gap to the two
 * neighbours in sorted order, the ends of the range being the outermost neighbours.
 */
function neighbourWidths(
  mus: Float64Array,
  order: Int32Array,
  range: AxisRange,
  settings: BandwidthSettings,
  out: Float64Array,
): void {
  const count = order.length;
  const middle = 0.5 * (range.low + range.high);
  const oneSided = !settings.endpoints && count >= 2;
  for (let k = 0; k < count; k++) {
    const mu = mus[order[k]];
    let left = k > 0 ? mus[order[k - 1]] : range.low;
    let right = k < count - 1 ? mus[order[k + 1]] : range.high;
    if (settings.priorNeighbour) {
      if (left < middle && middle <= mu) left = middle;
      if (mu < middle && middle < right) right = middle;
    }
    const ignoreLeft = oneSided && k === 0 && left === range.low;
    const ignoreRight = oneSided && k === count - 1 && right === range.high;
    out[order[k]] = Math.max(ignoreLeft ? 0 : mu - left, ignoreRight ? 0 : right - mu);
  }
}

/**
 * Kernel widths of one numeric dimension, shape [count + 1]: one per observation, then the prior's, which is the range.
 * @param mus kernel centres on the axis, shape [count + 1], the prior's last.
 * @param order the observations' indexes in ascending order of their centre, shape [count].
 * @param dimensions number of parameters in the joint density.
 */
export function kernelWidths(
  mus: Float64Array,
  order: Int32Array,
  dimensions: number,
  range: AxisRange,
  settings: BandwidthSettings,
): Float64Array {
  const count = order.length;
  const widths = new Float64Array(count + 1);
  if (settings.bandwidth === "scott") widths.fill(scottWidth(count, dimensions, range));
  else neighbourWidths(mus, order, range, settings, widths);
  const least = smallestWidth(count, range, settings);
  for (let i = 0; i < count; i++) widths[i] = Math.min(Math.max(widths[i], least), range.width);
  widths[count] = range.width;
  return widths;
}
