import { stableArgsort } from "../../../numeric/stable-argsort.js";
import type { AxisRange } from "../../../space/axis.js";

/** What the neighbour rule needs of the sampler's settings. */
export interface NeighbourRule {
  readonly endpoints: boolean;
  readonly priorNeighbour: boolean;
}

/** Two neighbouring cells together are narrower than the least width. */
const CELL_SHARE = 0.49;
/** With more cells than this, or fewer observations than `FEW`, all are sorted. */
const MOST_CELLS = 1024;
const FEW = 64;
/** Keeps the range's end in the last cell. */
const SHRINK = 1 - 1e-9;

/** A centre with its neighbours in ascending order; undefined where it is the first or the last. */
type Visit = (index: number, left: number | undefined, right: number | undefined) => void;

/**
 * Writes the width of each observation's kernel by the neighbour rule: the larger gap to the two neighbours in sorted order,
 * the ends of the range being the outermost neighbours; at least `least` and at most the range.
 * @param mus centres, the first `count` are observations.
 * @param least smallest width that counts: no gap below it has to be known.
 */
export function neighbourWidths(
  mus: Float64Array,
  count: number,
  range: AxisRange,
  least: number,
  { endpoints, priorNeighbour }: NeighbourRule,
  out: Float64Array,
): void {
  const middle = 0.5 * (range.low + range.high);
  const oneSided = !endpoints && count >= 2;
  out.fill(Math.min(least, range.width), 0, count);
  visitApart(mus, count, range, least, (index, before, after) => {
    const mu = mus[index];
    let left = before ?? range.low;
    let right = after ?? range.high;
    if (priorNeighbour) {
      if (left < middle && middle <= mu) left = middle;
      if (mu < middle && middle < right) right = middle;
    }
    const ignoreLeft = oneSided && before === undefined && left === range.low;
    const ignoreRight = oneSided && after === undefined && right === range.high;
    const gap = Math.max(ignoreLeft ? 0 : mu - left, ignoreRight ? 0 : right - mu);
    out[index] = Math.min(Math.max(gap, least), range.width);
  });
}

/** Visits every observation, in ascending order. */
function visitAll(mus: Float64Array, count: number, visit: Visit): void {
  const order = stableArgsort(mus, count);
  for (let k = 0; k < count; k++) {
    const left = k > 0 ? mus[order[k - 1]] : undefined;
    const right = k < count - 1 ? mus[order[k + 1]] : undefined;
    visit(order[k], left, right);
  }
}

/**
 * Visits at least the observations with a gap above `least`. Of many observations most have none: the range is cut in
 * cells, and one whose two neighbouring cells are occupied has neighbours that near. Only the others are sorted, with
 * those of the cells beside them, among which their neighbours are.
 */
function visitApart(mus: Float64Array, count: number, range: AxisRange, least: number, visit: Visit): void {
  const cells = Math.ceil(range.width / (CELL_SHARE * least));
  const pays = count >= FEW && cells <= MOST_CELLS;
  const cellOf = new Int32Array(pays ? count : 0);
  // Shifted by one: the cells beyond both ends exist and are empty.
  const occupied = new Uint8Array(pays ? cells + 2 : 0);
  if (!pays || !occupy(mus, range, cellOf, occupied)) {
    visitAll(mus, count, visit);
    return;
  }
  const apart = new Uint8Array(cells + 2);
  const sorted = new Uint8Array(cells + 2);
  for (let cell = 1; cell <= cells; cell++) {
    if (occupied[cell - 1] === 1 && occupied[cell + 1] === 1) continue;
    apart[cell] = 1;
    sorted.fill(1, cell - 1, cell + 2);
  }
  const members = new Int32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) if (sorted[cellOf[i]] === 1) members[found++] = i;
  const places = Float64Array.from(members.subarray(0, found), (i) => mus[i]);
  visitAll(places, found, (k, left, right) => {
    if (apart[cellOf[members[k]]] === 1) visit(members[k], left, right);
  });
}

/**
 * Finds each observation's cell, counted from 1, and marks it. False where one is outside the range: the outer cells would be
 * wider than the others.
 */
function occupy(mus: Float64Array, { low, high, width }: AxisRange, cellOf: Int32Array, occupied: Uint8Array): boolean {
  const scale = ((occupied.length - 2) / width) * SHRINK;
  for (let i = 0; i < cellOf.length; i++) {
    const mu = mus[i];
    if (!(mu >= low && mu <= high)) return false;
    cellOf[i] = 1 + (mu - low) * scale; // cut to a whole number
    occupied[cellOf[i]] = 1;
  }
  return true;
}
