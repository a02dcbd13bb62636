import { observe } from "../../history/columns.js";
import type { History, Trial } from "../../history/trial.js";
import { expectedImprovement } from "../../numeric/expected-improvement.js";
import { stableArgsort } from "../../numeric/stable-argsort.js";
import type { Rng } from "../../random/rng.js";
import type { Dimension } from "../../space/dimension.js";
import { gaussianProcess } from "./gaussian-process.js";
import { type KnownValues, knownValues } from "./known-values.js";
import { mutant } from "./mutant.js";
import { placer, squaredDistancesTo } from "./place.js";

/** Changed copies of the best point among which the model chooses. */
const MUTANTS = 80;
/** Trials nearest to the best one that the model is made of: its cost grows with the cube. */
const NEIGHBOURS = 48;

/**
 * Internal values near the best trial's: of random changes of it, the one with the largest expected improvement under a
 * Gaussian process through its nearest trials. Null where there is nothing to be near to (see `knownValues`), or where
 * the best trial lacks a dimension.
 */
export function localProposal(
  dimensions: readonly Dimension[],
  history: History,
  feasible: (trial: Trial) => boolean,
  rng: Rng,
): number[] | null {
  const known = knownValues(history, feasible);
  if (known === null || dimensions.length === 0) return null;
  const placeOf = placer(dimensions);
  const near = neighbourhood(dimensions, known, placeOf);
  if (near === null) return null;
  const model = gaussianProcess(near.places, near.losses);
  if (model === null) return mutant(dimensions, near.point, rng);
  const points = Array.from({ length: MUTANTS }, () => mutant(dimensions, near.point, rng));
  let best: number[] = [];
  let bestGain = -1;
  model.predict(points.map(placeOf)).forEach(({ mean, deviation }, m) => {
    const gain = expectedImprovement(mean, deviation, near.best);
    if (gain > bestGain) [best, bestGain] = [points[m], gain];
  });
  return best;
}

interface Neighbourhood {
  /** Internal values of the best trial. */
  readonly point: readonly number[];
  readonly best: number;
  readonly places: readonly Float64Array[];
  readonly losses: Float64Array;
}

function neighbourhood(
  dimensions: readonly Dimension[],
  { trials, lossOf, incumbent }: KnownValues,
  placeOf: (point: readonly number[]) => Float64Array,
): Neighbourhood | null {
  const { columns, rows } = observe(trials, dimensions);
  const centre = rows.indexOf(incumbent);
  if (centre < 0) return null;
  const distances = squaredDistancesTo(dimensions, columns, centre);
  const nearest = stableArgsort(distances, distances.length).subarray(0, NEIGHBOURS);
  const pointAt = (row: number): number[] => columns.map((column) => column[row]);
  return {
    point: pointAt(centre),
    best: lossOf(incumbent),
    places: Array.from(nearest, (row) => placeOf(pointAt(row))),
    losses: Float64Array.from(nearest, (row) => lossOf(rows[row])),
  };
}
