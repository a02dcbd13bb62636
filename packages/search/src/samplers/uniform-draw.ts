import { nextIndex, type Rng } from "../random/rng.js";
import { axisRange } from "../space/axis.js";
import type { Dimension } from "../space/dimension.js";
import { snap } from "../space/encoding.js";

/** An internal value drawn uniformly: on the log axis for a log dimension, every step of a stepped one alike. */
export function uniformDraw(dimension: Dimension, rng: Rng): number {
  if (dimension.kind === "categorical") return nextIndex(rng, dimension.choices.length);
  const { low, width } = axisRange(dimension);
  const x = low + rng.next() * width;
  return snap(dimension, dimension.log ? Math.exp(x) : x);
}
