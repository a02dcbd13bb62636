import { observe } from "../../history/columns.js";
import type { Direction, Trial } from "../../history/trial.js";
import type { Dimension } from "../../space/dimension.js";
import { goodWeights } from "./good-weights.js";
import type { TpeOptions } from "./options.js";
import { type ParzenEstimator, parzenEstimator } from "./parzen/parzen-estimator.js";
import type { Split } from "./split.js";

/** Densities of the good (l) and the bad (g) trials over the same dimensions. */
export interface Densities {
  readonly below: ParzenEstimator;
  readonly above: ParzenEstimator;
}

/** Builds both densities; a trial enters only if it has every one of the dimensions. */
export function densities(
  dimensions: readonly Dimension[],
  split: Split,
  directions: readonly Direction[],
  options: TpeOptions,
): Densities {
  const weights = goodWeights(split, directions, options);
  return {
    below: densityOf(split.below, dimensions, weights, options),
    above: densityOf(split.above, dimensions, null, options),
  };
}

function densityOf(
  trials: readonly Trial[],
  dimensions: readonly Dimension[],
  weights: Float64Array | null,
  options: TpeOptions,
): ParzenEstimator {
  const { columns, rows } = observe(trials, dimensions);
  const extras = weights === null ? {} : { weights: Float64Array.from(rows, (row) => weights[row]) };
  return parzenEstimator(dimensions, columns, options, extras);
}

/** log l - log g of candidates. */
export interface Acquisition {
  readonly logBelow: Float64Array;
  readonly logAbove: Float64Array;
  readonly values: Float64Array;
  /** Index of the first largest value. */
  readonly argmax: number;
}

/** Scores candidates by log l(x) - log g(x); `columns` has one column of internal values per dimension. */
export function acquisition(densities: Densities, columns: readonly Float64Array[], count: number): Acquisition {
  const logBelow = densities.below.logDensity(columns, count);
  const logAbove = densities.above.logDensity(columns, count);
  const values = logBelow.map((log, i) => log - logAbove[i]);
  let argmax = 0;
  for (let i = 1; i < count; i++) {
    // A NaN (both densities zero) says nothing: any number is preferred to it.
    if (values[i] > values[argmax] || (Number.isNaN(values[argmax]) && !Number.isNaN(values[i]))) argmax = i;
  }
  return { logBelow, logAbove, values, argmax };
}
