import { type AxisRange, axisRange, toAxis } from "../../space/axis.js";
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

/**
 * Squares of the distances of all places from one, shape [n], from columns of internal values: as from the places that
 * `placer` gives, which need not be made for it.
 */
export function squaredDistancesTo(
  dimensions: readonly Dimension[],
  columns: readonly Float64Array[],
  centre: number,
): Float64Array {
  const sums = new Float64Array(columns[0]?.length ?? 0);
  dimensions.forEach((dimension, d) => {
    const column = columns[d];
    if (dimension.kind === "categorical") addChoiceGaps(column, column[centre], sums);
    else addSquares(dimension.log ? column.map(Math.log) : column, axisRange(dimension), centre, sums);
  });
  return sums;
}

/** Two places of different choices differ in two coordinates, added one by one like any others. */
function addChoiceGaps(column: Float64Array, choice: number, sums: Float64Array): void {
  for (let i = 0; i < sums.length; i++) {
    if (column[i] !== choice) sums[i] = sums[i] + CHOICE_GAP * CHOICE_GAP + CHOICE_GAP * CHOICE_GAP;
  }
}

function addSquares(axisValues: Float64Array, { low, width }: AxisRange, centre: number, sums: Float64Array): void {
  const place = (axisValues[centre] - low) / width;
  for (let i = 0; i < sums.length; i++) {
    const gap = (axisValues[i] - low) / width - place;
    sums[i] += gap * gap;
  }
}
