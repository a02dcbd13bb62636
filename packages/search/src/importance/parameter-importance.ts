import { isRefined } from "../refinement/rounds.js";
import { type Dimension, isSingle } from "../space/dimension.js";
import { encodeValue } from "../space/encoding.js";
import type { Params } from "../space/parameter.js";
import type { Space } from "../space/space.js";
import { cellsOf } from "./cells.js";
import { effectVariance } from "./effect-variance.js";
import { topPoints } from "./top-points.js";

/** Fewer points than this give no importances. */
const LEAST_POINTS = 10;
/** The top has at least this many points. */
const LEAST_TOP = 2;
/** Sums of variances below this are rounding: two of a million points in the top explain more than 1e-12. */
const ROUNDING = 1e-15;

/** A point of the space and how good it is; lower is better. */
export interface ScoredPoint {
  readonly params: Params;
  readonly score: number;
}

/** Which points count. */
export interface ImportanceOptions {
  /** γ': importance for being among this share of the best points, in (0, 1); default 0.1. */
  readonly quantile?: number;
  /** γ: compared with this share of the best points, in (quantile, 1]; default 1, all points. */
  readonly region?: number;
}

/** How much one parameter decides whether a point is among the top. */
export interface ParameterImportance {
  readonly name: string;
  /** Its share of all importances; they sum to 1. */
  readonly importance: number;
  /** Variance of the chance to be in the top that the parameter's value explains: the raw value of PED-ANOVA. */
  readonly variance: number;
}

/** Importances, or why there are none. */
export interface Importances {
  /** Most important first; empty where `reason` says why. */
  readonly parameters: readonly ParameterImportance[];
  /** Points compared with. */
  readonly points: number;
  /** Points in the top. */
  readonly top: number;
  readonly reason: string | null;
}

/**
 * Importance of each parameter for being among the best points, by PED-ANOVA (Watanabe, Bansal, Hutter, "PED-ANOVA:
 * Efficiently Quantifying Hyperparameter Importance in Arbitrary Subspaces", IJCAI 2023, arXiv 2304.10255). Only the
 * order of the scores matters. A parameter that some points lack is judged by the points that have it and weighs as much
 * as their share. Refined points are not
 * used, as their score says nothing about the point, nor are points whose score is not finite.
 * @throws RangeError unless 0 < quantile < region ≤ 1.
 */
export function parameterImportance(
  space: Space,
  points: readonly ScoredPoint[],
  { quantile = 0.1, region = 1 }: ImportanceOptions = {},
): Importances {
  if (!(quantile > 0 && quantile < region && region <= 1)) {
    throw new RangeError(`quantile ${quantile} and region ${region} must satisfy 0 < quantile < region ≤ 1`);
  }
  const usable = points.filter(({ params, score }) => Number.isFinite(score) && !isRefined(params));
  const scores = Float64Array.from(usable, ({ score }) => score);
  const compared = Array.from(topPoints(scores, region, 1), (i) => usable[i]);
  const none = (top: number, reason: string): Importances => ({ parameters: [], points: compared.length, top, reason });
  if (compared.length < LEAST_POINTS) {
    return none(0, `${compared.length} points can be compared, importances need at least ${LEAST_POINTS}`);
  }
  const top = new Set(Array.from(topPoints(scores, quantile, LEAST_TOP), (i) => usable[i]));
  if (top.size === compared.length) return none(top.size, "all points have the same score as the best ones");
  const variances = space.dimensions.map((dimension) => varianceOf(dimension, compared, top));
  const sum = variances.reduce((total, variance) => total + variance, 0);
  if (!(sum > ROUNDING)) return none(top.size, "no parameter differs between the best points and the others");
  const parameters = space.dimensions.map(({ name }, d) => ({
    name,
    importance: variances[d] / sum,
    variance: variances[d],
  }));
  parameters.sort((a, b) => b.variance - a.variance);
  return { parameters, points: compared.length, top: top.size, reason: null };
}

function varianceOf(dimension: Dimension, points: readonly ScoredPoint[], top: ReadonlySet<ScoredPoint>): number {
  if (isSingle(dimension)) return 0;
  const cells = cellsOf(dimension);
  const counts = new Float64Array(cells.count);
  const topCounts = new Float64Array(cells.count);
  let known = 0;
  let knownTop = 0;
  for (const point of points) {
    const value = encodeValue(dimension, point.params[dimension.name]);
    if (Number.isNaN(value)) continue;
    const cell = cells.cellOf(value);
    counts[cell]++;
    known++;
    if (!top.has(point)) continue;
    topCounts[cell]++;
    knownTop++;
  }
  return knownTop === 0 ? 0 : (known / points.length) * effectVariance(cells, topCounts, counts);
}
