import { logNdtr } from "../numeric/normal.js";
import { stableArgsort } from "../numeric/stable-argsort.js";

/** Largest number of differences whose exact distribution is used; beyond it the normal approximation is close. */
const MOST_EXACT = 25;

/**
 * One-sided p-value of Wilcoxon's signed-rank test (Wilcoxon, 1945): how likely a rank sum of the positive differences
 * at least this large is when differences are symmetric about zero. Small: they tend to be positive. Zeros are left
 * out, equal sizes share their mean rank. Up to 25 differences the distribution is exact, given the ranks; beyond, normal
 * with corrections for ties and continuity. 1 where every difference is zero. RangeError for a NaN.
 */
export function signedRankTail(differences: Float64Array): number {
  const wrong = differences.findIndex(Number.isNaN);
  if (wrong >= 0) throw new RangeError(`difference ${wrong} is NaN`);
  const nonzero = differences.filter((difference) => difference !== 0);
  const ranks = doubledRanks(nonzero.map(Math.abs));
  let positive = 0;
  for (let i = 0; i < nonzero.length; i++) if (nonzero[i] > 0) positive += ranks[i];
  return nonzero.length <= MOST_EXACT ? exactTail(ranks, positive) : normalTail(ranks, positive);
}

/** Twice the rank of each size, whole even where equal sizes share a mean rank; shape [n]. */
function doubledRanks(sizes: Float64Array): Int32Array {
  const order = stableArgsort(sizes, sizes.length);
  const ranks = new Int32Array(sizes.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && sizes[order[to]] === sizes[order[from]]) to++;
    // Ranks from + 1 … to: twice their mean is first plus last.
    for (let i = from; i < to; i++) ranks[order[i]] = from + 1 + to;
    from = to;
  }
  return ranks;
}

/** Share of the 2^n equally likely choices of signs whose (doubled) positive rank sum reaches `positive`. */
function exactTail(ranks: Int32Array, positive: number): number {
  let most = 0;
  const ways = new Float64Array(ranks.reduce((sum, rank) => sum + rank, 0) + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    most += rank;
    for (let sum = most; sum >= rank; sum--) ways[sum] += ways[sum - rank];
  }
  let reached = 0;
  for (let sum = positive; sum < ways.length; sum++) reached += ways[sum];
  return reached / 2 ** ranks.length;
}

/** Under symmetry the positive rank sum has mean Σr/2 and variance Σr²/4, which with shared ranks is the tie-corrected one. */
function normalTail(ranks: Int32Array, positive: number): number {
  let sum = 0;
  let squares = 0;
  for (const doubled of ranks) {
    sum += doubled / 2;
    squares += (doubled / 2) ** 2;
  }
  const z = (positive / 2 - sum / 2 - 0.5) / Math.sqrt(squares / 4);
  return Math.exp(logNdtr(-z));
}
