import type { Trial } from "../history/trial.js";
import { axisRange } from "../space/axis.js";
import { holds } from "../space/condition.js";
import type { Dimension } from "../space/dimension.js";
import { decodeValue, snap } from "../space/encoding.js";
import type { Params } from "../space/parameter.js";

/** Internal value that stands for a dimension where it does not exist: the middle, or the first choice. */
export function restValue(dimension: Dimension): number {
  if (dimension.kind === "categorical") return 0;
  const { low, width } = axisRange(dimension);
  const middle = low + width / 2;
  return snap(dimension, dimension.log ? Math.exp(middle) : middle);
}

const anyConditional = (dimensions: readonly Dimension[]): boolean => dimensions.some(({ when }) => when !== undefined);

/** Which dimensions exist at a point of internal values; null where all always do. */
export function existingAt(dimensions: readonly Dimension[], point: readonly number[]): readonly boolean[] | null {
  if (!anyConditional(dimensions)) return null;
  const params = Object.fromEntries(
    dimensions.map((dimension, d) => [dimension.name, decodeValue(dimension, point[d])]),
  );
  return dimensions.map(({ when }) => holds(when, params));
}

/** A point of internal values with those that do not exist at rest, so that points which mean the same are the same. */
export function atRest(dimensions: readonly Dimension[], point: number[]): number[] {
  const existing = existingAt(dimensions, point);
  return existing === null ? point : point.map((value, d) => (existing[d] ? value : restValue(dimensions[d])));
}

/** The trials with the values that they lack because a condition does not hold, at rest: points for distances. */
export function withRestValues(dimensions: readonly Dimension[], trials: readonly Trial[]): readonly Trial[] {
  const conditional = dimensions.filter(({ when }) => when !== undefined);
  if (conditional.length === 0) return trials;
  return trials.map((trial) => {
    const absent = conditional.filter(({ when }) => !holds(when, trial.params));
    const rest = absent.map((dimension) => [dimension.name, decodeValue(dimension, restValue(dimension))] as const);
    return { ...trial, params: { ...trial.params, ...Object.fromEntries(rest) } };
  });
}

/** A point without the parameters whose condition does not hold. */
export function existingOnly(dimensions: readonly Dimension[], params: Params): Params {
  if (!anyConditional(dimensions)) return params;
  const existing = dimensions.filter(({ when }) => holds(when, params));
  return Object.fromEntries(existing.map(({ name }) => [name, params[name]]));
}
