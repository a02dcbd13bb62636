import { axisRange, toAxis } from "../../space/axis.js";
import type { Dimension } from "../../space/dimension.js";

/** Coordinate of one choice against the others: two different choices are this times √2 apart. */
const CHOICE_GAP = 0.5;

/** Coordinates that a space takes: one per number, one per choice of a categorical dimension. */
export const coordinateCount = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce((sum, dimension) => sum + (dimension.kind === "categorical" ? dimension.choices.length : 1), 0);

/** Place of a point of internal values, shape [coordinateCount]: numbers in [0, 1] on their axis, choices one-hot. */
export function placeOf(dimensions: readonly Dimension[], point: readonly number[], count: number): Float64Array {
  const place = new Float64Array(count);
  let at = 0;
  dimensions.forEach((dimension, d) => {
    if (dimension.kind === "categorical") {
      place[at + point[d]] = CHOICE_GAP;
      at += dimension.choices.length;
    } else {
      const { low, width } = axisRange(dimension);
      place[at++] = (toAxis(point[d], dimension) - low) / width;
    }
  });
  return place;
}
