import type { Rng } from "../../../random/rng.js";
import type { Dimension } from "../../../space/dimension.js";
import { recencyWeights } from "../recency-weights.js";
import type { BandwidthSettings } from "./bandwidths.js";
import { categoricalKernels, type DistanceMatrix } from "./categorical-kernels.js";
import { continuousKernels } from "./continuous-kernels.js";
import type { DimensionKernels, KernelDescription } from "./dimension-kernels.js";
import { mixtureDensity } from "./mixture-density.js";
import { numericKernels } from "./numeric-kernels.js";
import { steppedKernels } from "./stepped-kernels.js";

/** Settings of one density. */
export interface ParzenSettings extends BandwidthSettings {
  readonly priorWeight: number;
  readonly categoricalPriorWeight: number | null;
}

/** What else may be known about the observations. */
export interface ParzenExtras {
  /** Weights of the observations instead of the recency weights, shape [n]. */
  readonly weights?: Float64Array;
  /** Distances between the options of categorical dimensions, by name. */
  readonly distances?: Readonly<Record<string, DistanceMatrix>>;
}

/** A mixture of products of kernels: one kernel per observation and a prior kernel at the end. */
export interface ParzenEstimator {
  /** Mixture weights, sum 1, shape [n + 1]. */
  readonly weights: Float64Array;
  /** Log density at `count` points given as one column of internal values per dimension; shape [count]. */
  logDensity(columns: readonly Float64Array[], count: number): Float64Array;
  /** Internal values at given quantiles (one per dimension) of one kernel. */
  drawFrom(kernel: number, quantiles: readonly number[]): number[];
  /** `count` draws, one column of internal values per dimension. */
  sample(rng: Rng, count: number): Float64Array[];
  describe(): readonly KernelDescription[];
}

/** Observation weights with the prior's appended, normalised; the prior alone has weight 1 whatever it was given. */
function mixtureWeights(observed: Float64Array, priorWeight: number): Float64Array {
  if (observed.length === 0) return Float64Array.of(1);
  const weights = new Float64Array(observed.length + 1);
  weights.set(observed);
  weights[observed.length] = priorWeight;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function kernelsOf(
  dimension: Dimension,
  observations: Float64Array,
  dimensions: number,
  settings: ParzenSettings,
  extras: ParzenExtras,
): DimensionKernels {
  if (dimension.kind === "categorical") {
    const priorWeight = settings.categoricalPriorWeight ?? settings.priorWeight;
    const distance = extras.distances?.[dimension.name] ?? null;
    return categoricalKernels(dimension.choices.length, observations, priorWeight, distance);
  }
  const kernels = numericKernels(dimension, observations, dimensions, settings);
  return dimension.step === null ? continuousKernels(kernels) : steppedKernels(kernels, dimension.step);
}

/**
 * Builds the density of observations (Watanabe, arXiv 2304.11127, section 3; settings reach Optuna 4.9 and 5.0).
 * @param columns internal values, one column per dimension, oldest first, shape [dimensions][n], no NaN.
 * @throws RangeError when a column or the given weights have another length than the first column.
 */
export function parzenEstimator(
  dimensions: readonly Dimension[],
  columns: readonly Float64Array[],
  settings: ParzenSettings,
  extras: ParzenExtras = {},
): ParzenEstimator {
  const count = columns[0]?.length ?? 0;
  const observed = extras.weights ?? recencyWeights(count);
  if (columns.length !== dimensions.length || columns.some((c) => c.length !== count) || observed.length !== count) {
    const lengths = columns.map((c) => c.length).join(", ");
    throw new RangeError(
      `${dimensions.length} dimensions, columns of [${lengths}] and ${observed.length} weights differ`,
    );
  }
  const weights = mixtureWeights(observed, settings.priorWeight);
  const kernels = dimensions.map((d, i) => kernelsOf(d, columns[i], dimensions.length, settings, extras));
  return {
    weights,
    logDensity: mixtureDensity(kernels, weights),
    drawFrom: (kernel, quantiles) => kernels.map((k, d) => k.draw(kernel, quantiles[d])),
    sample(rng, drawCount) {
      const draws = kernels.map(() => new Float64Array(drawCount));
      for (let i = 0; i < drawCount; i++) {
        const kernel = pickKernel(weights, rng.next());
        for (let d = 0; d < kernels.length; d++) draws[d][i] = kernels[d].draw(kernel, rng.next());
      }
      return draws;
    },
    describe: () => kernels.map((kernel) => kernel.describe()),
  };
}

/** Index of the kernel whose share of [0, 1) holds the quantile; never one of weight zero, whatever the rounding. */
function pickKernel(weights: Float64Array, quantile: number): number {
  let cumulative = 0;
  let last = 0;
  for (let k = 0; k < weights.length; k++) {
    if (weights[k] === 0) continue;
    cumulative += weights[k];
    last = k;
    if (quantile < cumulative) return k;
  }
  return last;
}
