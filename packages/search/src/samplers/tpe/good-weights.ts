import type { Direction, Trial } from "../../history/trial.js";
import { contributionWeights, SMALLEST_WEIGHT } from "./objectives/contribution-weights.js";
import { losses } from "./objectives/order-complete.js";
import type { TpeOptions } from "./options.js";
import type { Split } from "./split.js";
import { violation } from "./violation.js";

/** Weights of the good trials, shape [below]; null = by recency, which depends on how many enter an estimator. */
export function goodWeights(
  { below, above }: Split,
  directions: readonly Direction[],
  options: TpeOptions,
): Float64Array | null {
  if (directions.length > 1) {
    if (options.objectiveWeights === "equal") return new Float64Array(below.length).fill(1);
    return feasibleContributions(below, directions, options);
  }
  return options.goodWeights === "improvement" ? improvementWeights(below, above, directions) : null;
}

function feasibleContributions(
  below: readonly Trial[],
  directions: readonly Direction[],
  options: TpeOptions,
): Float64Array {
  const weights = new Float64Array(below.length).fill(SMALLEST_WEIGHT);
  const counted = below
    .map((_, i) => i)
    .filter((i) => below[i].state === "complete" && violation(below[i], options) === 0);
  const contributions = contributionWeights(counted.map((i) => losses(below[i], directions)));
  counted.forEach((i, k) => {
    weights[i] = contributions[k];
  });
  return weights;
}

/**
 * Improvement of each good trial over the best bad one, scaled to mean 1: the weights under which the ratio of the
 * densities is the expected improvement (Song et al., 2022; arXiv 2304.11127, section 3.2). Equal weights where no
 * improvement can be measured.
 */
function improvementWeights(
  below: readonly Trial[],
  above: readonly Trial[],
  directions: readonly Direction[],
): Float64Array {
  const sign = directions[0] === "maximize" ? -1 : 1;
  const loss = ({ state, values }: Trial): number =>
    state === "complete" ? sign * (values?.[0] ?? Infinity) : Infinity;
  const threshold = above.reduce((best, trial) => Math.min(best, loss(trial)), Infinity);
  const gains = Float64Array.from(below, (trial) => Math.max(threshold - loss(trial), 0));
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  if (!(mean > 0 && Number.isFinite(mean))) return gains.fill(1);
  return gains.map((gain) => Math.max(gain / mean, SMALLEST_WEIGHT));
}
