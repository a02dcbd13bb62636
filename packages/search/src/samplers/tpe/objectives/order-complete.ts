import type { Direction, Trial } from "../../../history/trial.js";
import { stableArgsort } from "../../../numeric/stable-argsort.js";
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
  if (directions.length === 1) {
    const sign = directions[0] === "maximize" ? -1 : 1;
    const values = new Float64Array(trials.length);
    for (let i = 0; i < trials.length; i++) values[i] = sign * (trials[i].values?.[0] ?? Number.NaN);
    return Array.from(stableArgsort(values, values.length).subarray(0, count), (i) => trials[i]);
  }
  const points = trials.map((trial) => losses(trial, directions));
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
