import type { DecoderShape, RankAllocation } from "@espalier/contracts";
import { prunableParameters } from "../../units/index.js";
import { type ProjectionSize, rankCost } from "./adapters.js";

/** What ranks are given by. */
export interface RankRequest {
  readonly rank: number;
  readonly sizes: readonly ProjectionSize[];
  /** Of every layer, the share of its prunable weights that it lost. */
  readonly lost: readonly number[];
}

/** A rank above the smaller side of a matrix changes nothing more. */
const largestRank = ({ inputs, outputs }: ProjectionSize): number => Math.min(inputs, outputs);

const uniform = ({ rank, sizes }: RankRequest): number[] => sizes.map((size) => Math.min(rank, largestRank(size)));

/**
 * Ranks in proportion to what the layers lost, by D'Hondt's method: one rank at a time goes to the projection with the
 * largest lost share ÷ (rank + 1), at least one each, until no rank fits any more. In all at most as many numbers as with
 * equal ranks, and fewer by less than one rank of the cheapest projection.
 */
function bySparsity(request: RankRequest): number[] {
  const { sizes, lost } = request;
  const budget = numbersOf(sizes, uniform(request));
  const ranks = sizes.map(() => 1);
  let left = budget - numbersOf(sizes, ranks);
  const open = new Set(sizes.keys());
  while (open.size > 0) {
    let best: number | undefined;
    for (const i of open) {
      if (rankCost(sizes[i]) > left || ranks[i] >= largestRank(sizes[i])) open.delete(i);
      else if (best === undefined || claim(i) > claim(best)) best = i;
    }
    if (best === undefined) break;
    ranks[best] += 1;
    left -= rankCost(sizes[best]);
  }
  return ranks;

  function claim(i: number): number {
    return lost[sizes[i].layer] / (ranks[i] + 1);
  }
}

const allocations = { uniform, by_sparsity: bySparsity } as const satisfies Record<
  RankAllocation,
  (request: RankRequest) => number[]
>;

/** The rank of every projection, in the order of `sizes`. */
export const allocateRanks = (allocation: RankAllocation, request: RankRequest): number[] =>
  allocations[allocation](request);

/** Numbers of adapters of those ranks. */
export const numbersOf = (sizes: readonly ProjectionSize[], ranks: readonly number[]): number =>
  sizes.reduce((sum, size, i) => sum + ranks[i] * rankCost(size), 0);

/** Of every layer, the share of the dense layer's prunable weights that the pruned one has no more. */
export function lostShares(dense: DecoderShape, pruned: DecoderShape): number[] {
  return dense.layers.map((layer, l) => {
    const before = prunableParameters({ ...dense, layers: [layer] });
    return before === 0 ? 0 : 1 - prunableParameters({ ...pruned, layers: [pruned.layers[l]] }) / before;
  });
}
