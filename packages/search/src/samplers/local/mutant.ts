import { nextIndex, type Rng } from "../../random/rng.js";
import { axisRange, toAxis } from "../../space/axis.js";
import type { Dimension } from "../../space/dimension.js";
import { snap } from "../../space/encoding.js";
import { existingAt, restValue } from "../conditional.js";
import { uniformDraw } from "../uniform-draw.js";

/** Dimensions that a mutant changes on average, at most: as many as half of the space has. */
const MOST_CHANGED = 8;
/** Standard deviation of a step, as a share of the range: log-uniform between these, one draw per mutant. */
const SHORTEST_STEP = 0.005;
const LONGEST_STEP = 0.25;
/** A choice is changed this much more rarely than a number: it has no small step. */
const CHOICE_RARITY = 0.1;

/**
 * A changed copy of a point's internal values; at least one dimension is drawn again. What begins to exist by the change
 * of a choice is drawn anew, what ceases to exist rests.
 */
export function mutant(dimensions: readonly Dimension[], point: readonly number[], rng: Rng): number[] {
  const most = Math.min(MOST_CHANGED, dimensions.length);
  const probability = most ** rng.next() / dimensions.length;
  const step = SHORTEST_STEP * (LONGEST_STEP / SHORTEST_STEP) ** rng.next();
  const before = existingAt(dimensions, point);
  const numbers = [...dimensions.keys()].filter((d) => dimensions[d].kind === "numeric" && before?.[d] !== false);
  const certain = numbers.length > 0 ? numbers[nextIndex(rng, numbers.length)] : nextIndex(rng, dimensions.length);
  const changed = dimensions.map((dimension, d) => {
    const chance = dimension.kind === "categorical" ? CHOICE_RARITY * probability : probability;
    return d === certain || rng.next() < chance ? moved(dimension, point[d], step, rng) : point[d];
  });
  const after = existingAt(dimensions, changed);
  if (before === null || after === null) return changed;
  return changed.map((value, d) => {
    if (!after[d]) return restValue(dimensions[d]);
    return before[d] ? value : uniformDraw(dimensions[d], rng);
  });
}

function moved(dimension: Dimension, value: number, step: number, rng: Rng): number {
  if (dimension.kind === "categorical") return uniformDraw(dimension, rng);
  const { low, high, width } = axisRange(dimension);
  const whole = dimension.step === null ? 0 : 1;
  const by = step * width * bellDraw(rng) + whole * (rng.next() - 0.5);
  const x = reflected(toAxis(value, dimension) + by, low, high);
  return snap(dimension, dimension.log ? Math.exp(x) : x);
}

/** A step out of the range comes back from its end. */
function reflected(x: number, low: number, high: number): number {
  const inside = x < low ? 2 * low - x : x > high ? 2 * high - x : x;
  return Math.min(high, Math.max(low, inside));
}

/** Standard normal draw (Box and Muller, 1958). */
function bellDraw(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}
