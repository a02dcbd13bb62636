import { axisRange, toAxis } from "../../space/axis.js";
import type { Dimension } from "../../space/dimension.js";

/** Coordinate of one choice against the others: two different choices are this times √2 apart. */
const CHOICE_GAP = 0.5;

/** Coordinates of internal values: numbers in [0, 1] on their axis, one per choice of a categorical dimension. */
export function placeOf(dimensions: readonly Dimension[], point: readonly number[]): Float64Array {
  const place: number[] = [];
  dimensions.forEach((dimension, d) => {
    if (dimension.kind === "categorical") {
      for (let c = 0; c < dimension.choices.length; c++) place.push(c === point[d] ? CHOICE_GAP : 0);
    } else {
      const { low, width } = axisRange(dimension);
      place.push((toAxis(point[d], dimension) - low) / width);
    }
  });
  return Float64Array.from(place);
}
