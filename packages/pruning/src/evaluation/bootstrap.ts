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
  const windows = found.length;
  if (windows === 0 || baseline.length !== windows || tokens.length !== windows) {
    throw new RangeError(`paired losses of ${windows}, ${baseline.length} and ${tokens.length} windows`);
  }
  const draws = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let difference = 0;
    let count = 0;
    for (let n = 0; n < windows; n++) {
      const i = Math.min(windows - 1, Math.floor(rng.next() * windows));
      difference += found[i] - baseline[i];
      count += tokens[i];
    }
    draws[r] = 1 - Math.exp(difference / count);
  }
  draws.sort();
  return [quantile(draws, TAILS[0]), quantile(draws, TAILS[1])];
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}
