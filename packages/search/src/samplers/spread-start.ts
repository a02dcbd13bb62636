import { observe } from "../history/columns.js";
import type { Trial } from "../history/trial.js";
import type { Rng } from "../random/rng.js";
import { axisRange, toAxis } from "../space/axis.js";
import type { Dimension } from "../space/dimension.js";
import { atRest, withRestValues } from "./conditional.js";
import { uniformDraw } from "./uniform-draw.js";

/** Draws from which the one farthest from all trials is taken (Mitchell's best-candidate sampling). */
const DRAWS = 24;

/** Place of an internal value in [0, 1], for distances. */
function placeOf(dimension: Dimension, value: number): number {
  if (dimension.kind === "categorical") return value;
  const { low, width } = axisRange(dimension);
  return (toAxis(value, dimension) - low) / width;
}

function squaredGap(dimension: Dimension, a: number, b: number): number {
  if (dimension.kind === "categorical") return a === b ? 0 : 1;
  return (a - b) ** 2;
}

/** Internal values, one per dimension, that keep their distance from all trials, running ones included. */
export function spreadStart(dimensions: readonly Dimension[], trials: readonly Trial[], rng: Rng): number[] {
  const { columns, rows } = observe(withRestValues(dimensions, trials), dimensions);
  const places = columns.map((column, d) => column.map((value) => placeOf(dimensions[d], value)));
  let best: number[] = [];
  let bestGap = -1;
  for (let draw = 0; draw < DRAWS; draw++) {
    const drawn = dimensions.map((dimension) => uniformDraw(dimension, rng));
    const point = atRest(dimensions, drawn);
    let gap = Infinity;
    for (let i = 0; i < rows.length; i++) {
      let sum = 0;
      dimensions.forEach((dimension, d) => {
        sum += squaredGap(dimension, placeOf(dimension, point[d]), places[d][i]);
      });
      gap = Math.min(gap, sum);
    }
    if (gap > bestGap) [best, bestGap] = [point, gap];
  }
  return best;
}
