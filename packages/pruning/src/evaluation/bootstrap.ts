import type { Rng } from "@espalier/search";

/** NLL sums of the same windows under two models. */
export interface PairedLosses {
  readonly found: Float64Array;
  readonly baseline: Float64Array;
  /** Predicted tokens of each window. */
  readonly tokens: ArrayLike<number>;
}

/** Resamples behind an interval. */
const BOOTSTRAP_RESAMPLES = 2000;

/** Ends of a 95 % percentile interval. */
const TAILS = [0.025, 0.975] as const;

/** 1 − perplexity of the found model ÷ perplexity of the baseline. */
export function relativeImprovement({ found, baseline, tokens }: PairedLosses): number {
  let difference = 0;
  let count = 0;
  for (let i = 0; i < found.length; i++) {
    difference += found[i] - baseline[i];
    count += tokens[i];
  }
  return 1 - Math.exp(difference / count);
}

/**
 * 95 % percentile bootstrap interval of `relativeImprovement`: windows are drawn with replacement, the same for both
 * models (paired), since windows differ far more from each other than models on one window. Deterministic for `rng`.
 */
export function bootstrapInterval(losses: PairedLosses, rng: Rng, resamples = BOOTSTRAP_RESAMPLES): [number, number] {
  const { found, baseline, tokens } = losses;
  if (baseline.length !== found.length) {
    throw new RangeError(`paired losses of ${found.length} and ${baseline.length} windows`);
  }
  const differences = found.map((loss, window) => loss - baseline[window]);
  const [low, high] = meanInterval(differences, tokens, rng, resamples);
  return [1 - Math.exp(high), 1 - Math.exp(low)];
}

/** 95 % percentile bootstrap interval of a perplexity over windows, from the NLL sum and predicted tokens of each. */
export function perplexityInterval(
  losses: Float64Array,
  tokens: ArrayLike<number>,
  rng: Rng,
  resamples = BOOTSTRAP_RESAMPLES,
): [number, number] {
  const [low, high] = meanInterval(losses, tokens, rng, resamples);
  return [Math.exp(low), Math.exp(high)];
}

/** Interval of Σ sums ÷ Σ counts. */
function meanInterval(sums: Float64Array, counts: ArrayLike<number>, rng: Rng, resamples: number): [number, number] {
  const windows = sums.length;
  if (windows === 0 || counts.length !== windows) {
    throw new RangeError(`losses of ${windows} windows and tokens of ${counts.length}`);
  }
  const draws = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let n = 0; n < windows; n++) {
      const i = Math.min(windows - 1, Math.floor(rng.next() * windows));
      sum += sums[i];
      count += counts[i];
    }
    draws[r] = sum / count;
  }
  draws.sort();
  return [quantileOf(draws, TAILS[0]), quantileOf(draws, TAILS[1])];
}

/** The share-quantile of ascending numbers, linear between two of them. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}
