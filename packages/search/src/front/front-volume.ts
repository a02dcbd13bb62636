import { hypervolume } from "../samplers/tpe/objectives/hypervolume.js";
import { paretoFront } from "./pareto-front.js";

/**
 * Volume that points dominate up to a reference point; smaller is better in each objective. Points that are not better
 * than the reference in every objective add nothing; none at all give 0.
 * @param points shape [n][objectives], finite.
 * @throws RangeError where a point has another number of objectives than the reference.
 */
export function frontVolume(points: readonly (readonly number[])[], reference: readonly number[]): number {
  const wrong = points.find((point) => point.length !== reference.length);
  if (wrong) throw new RangeError(`a point has ${wrong.length} objectives, the reference point ${reference.length}`);
  const inside = points.filter((point) => point.every((value, k) => value < reference[k]));
  return hypervolume(
    paretoFront(inside).map((i) => inside[i]),
    reference,
  );
}
