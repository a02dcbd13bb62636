import { midRanks } from "../importance/normalise.js";

/** Order in which inputs of one projection leave under compensation: `order[0]` leaves first. */
export type EliminationOrder = Int32Array;

/** Greedy elimination orders per layer: KV groups of `o_proj`, channels of `down_proj`. */
export interface EliminationOrders {
  readonly attention: readonly EliminationOrder[];
  readonly mlp: readonly EliminationOrder[];
}

/**
 * Units of one layer and kind in the order in which they leave: ascending (1 − share)·rank(score) + share·rank(order),
 * both ranks in (0, 1], equal ranks by index. Share 0 is the order of the scores, share 1 the elimination order.
 */
export function leavingOrder(
  scores: Float64Array,
  elimination: EliminationOrder | undefined,
  share: number,
): Int32Array {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share of the elimination order is ${share}, expected 0 to 1`);
  const ranks = midRanks(scores);
  if (elimination !== undefined && share > 0) {
    if (elimination.length !== scores.length) {
      throw new RangeError(`elimination order of ${elimination.length} units for ${scores.length} scores`);
    }
    for (let i = 0; i < ranks.length; i++) ranks[i] *= 1 - share;
    elimination.forEach((unit, position) => {
      ranks[unit] += (share * (position + 1)) / scores.length;
    });
  }
  return Int32Array.from(scores, (_, i) => i).sort((a, b) => ranks[a] - ranks[b] || a - b);
}
