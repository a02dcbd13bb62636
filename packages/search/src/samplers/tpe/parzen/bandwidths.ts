import type { AxisRange } from "../../../space/axis.js";
import type { BandwidthRule } from "../options.js";
import { type NeighbourRule, neighbourWidths } from "./neighbour-widths.js";

/** Factor of Optuna 4.9's multivariate rule. */
const SCOTT_FACTOR = 0.2;
/** The magic clip stops narrowing the kernels at this many observations (Bergstra et al., 2011). */
const MAGIC_CLIP_LIMIT = 100;
/** Smallest width without the magic clip. */
const SMALLEST_WIDTH = 1e-12;

/** How wide kernels are. */
export interface BandwidthSettings extends NeighbourRule {
  readonly bandwidth: BandwidthRule;
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
 * Kernel widths of one numeric dimension, shape [count + 1]: one per observation, then the prior's, which is the range.
 * @param mus kernel centres on the axis, shape [count + 1], the prior's last.
 * @param dimensions number of parameters in the joint density.
 */
export function kernelWidths(
  mus: Float64Array,
  dimensions: number,
  range: AxisRange,
  settings: BandwidthSettings,
): Float64Array {
  const count = mus.length - 1;
  const widths = new Float64Array(count + 1);
  const least = smallestWidth(count, range, settings);
  if (settings.bandwidth === "neighbour") neighbourWidths(mus, count, range, least, settings, widths);
  else widths.fill(Math.min(Math.max(scottWidth(count, dimensions, range), least), range.width));
  widths[count] = range.width;
  return widths;
}
