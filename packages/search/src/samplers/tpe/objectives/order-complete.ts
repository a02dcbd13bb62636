import type { Direction, Trial } from "../../../history/trial.js";
import { nonDominationRanks } from "./non-domination.js";
import { referencePoint } from "./reference-point.js";
import { selectSubset } from "./subset-selection.js";

/** Objective values of a complete trial with maximised ones negated: smaller is better in each. */
export function losses(trial: Trial, directions: readonly Direction[]): number[] {
  return directions.map((direction, i) => {
    const value = trial.values?.[i] ?? Number.NaN;
    return direction === "maximize" ? -value : value;
  });
}

/**
 * The `count` best of complete trials (all of them if there are fewer), by value or by non-domination rank;
 * a rank that does not fit is filled by hypervolume subset selection. Equal values keep the given order.
 */
export function orderComplete(trials: readonly Trial[], directions: readonly Direction[], count: number): Trial[] {
  if (count <= 0) return [];
  const points = trials.map((trial) => losses(trial, directions));
  if (directions.length === 1) {
    const order = trials.map((_, i) => i).sort((a, b) => compareValues(points[a][0], points[b][0]));
    return order.slice(0, count).map((i) => trials[i]);
  }
  const ranks = nonDominationRanks(points);
  const chosen: number[] = [];
  for (let rank = 0; chosen.length < Math.min(count, trials.length); rank++) {
    const members = trials.map((_, i) => i).filter((i) => ranks[i] === rank);
    const free = count - chosen.length;
    if (members.length <= free) chosen.push(...members);
    else {
      const front = members.map((i) => points[i]);
      chosen.push(...selectSubset(front, free, referencePoint(front)).map((k) => members[k]));
    }
  }
  return chosen.map((i) => trials[i]);
}

const compareValues = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
