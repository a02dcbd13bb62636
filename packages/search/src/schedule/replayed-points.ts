import { roundsOf, withRounds } from "../refinement/rounds.js";
import type { Params } from "../space/parameter.js";

/**
 * A refined plan of another search as points of this one: its list of rounds on each of some points of this space, whole,
 * and the first half of it for where the whole goes too far. A round is a function of the plan it starts from and of the
 * model's own gradients, so a list means something on any model, text and sparsity. None where nothing was refined.
 */
export function replayedPoints(refined: Params, points: readonly Params[]): Params[] {
  const rounds = roundsOf(refined);
  const lengths = [...new Set([rounds.length, Math.ceil(rounds.length / 2)])].filter((length) => length > 0);
  return points.flatMap((point) => lengths.map((length) => withRounds(point, rounds.slice(0, length))));
}
