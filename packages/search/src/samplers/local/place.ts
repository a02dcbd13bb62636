import { axisRange, toAxis } from "../../space/axis.js";
import type { Dimension } from "../../space/dimension.js";

/** Coordinate of one choice against the others: two different choices are this times √2 apart. */
const CHOICE_GAP = 0.5;

/**
 * Makes the function that gives a point of internal values its place, shape [coordinates]: numbers in [0, 1] on their
 * axis, choices one-hot.
 */
export function placer(dimensions: readonly Dimension[]): (point: readonly number[]) => Float64Array {
  const axes = dimensions.map((dimension) =>
    dimension.kind === "categorical" ? null : { dimension, ...axisRange(dimension) },
  );
  const widths = dimensions.map((d) => (d.kind === "categorical" ? d.choices.length : 1));
  const coordinates = widths.reduce((sum, width) => sum + width, 0);
  return (point) => {
    const place = new Float64Array(coordinates);
    let at = 0;
    for (let d = 0; d < point.length; d++) {
      const axis = axes[d];
      if (axis === null) place[at + point[d]] = CHOICE_GAP;
      else place[at] = (toAxis(point[d], axis.dimension) - axis.low) / axis.width;
      at += widths[d];
    }
    return place;
  };
}
