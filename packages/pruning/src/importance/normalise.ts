/** Ways to bring metrics of different magnitude to one scale before they are mixed. */
export const normalisationNames = ["none", "mean", "rank", "zscore", "minmax", "log"] as const;
export type NormalisationName = (typeof normalisationNames)[number];

type Normalisation = (values: Float64Array) => Float64Array;

/**
 * Every normalisation takes one metric's scores per parameter (unit score ÷ unit cost) over all units of the model,
 * both kinds together, and gives numbers ≥ 0. Each is monotone over all units at once, so that a single metric keeps
 * its global keep-order whatever the normalisation is; only mixtures and allocation factors see the difference.
 * Normalising each kind by itself would lose the balance of attention against MLP that good metrics carry;
 * `attention_factor` shifts that balance where it is wrong. Where all units are equal the result is constant.
 */
const registry = {
  /** The raw scores: makes each single metric's own ranking an exact point of the space. */
  none: (values) => values.slice(),
  /** x / mean. */
  mean: (values) => affine(values, 0, meanOf(values)),
  /** Share of units that are smaller, ties sharing their middle: in (0, 1). */
  rank: midRanks,
  /** (x − smallest) / standard deviation: z-scores shifted to start at 0, because factors need a positive scale. */
  zscore: (values) => affine(values, minimumOf(values), deviationOf(values)),
  /** (x − smallest) / (largest − smallest). */
  minmax: (values) => {
    const low = minimumOf(values);
    return affine(values, low, maximumOf(values) - low);
  },
  /** log(1 + x / median), the median over units above zero: tames the heavy tail of gradient metrics. */
  log: (values) => {
    const positive = values.filter((x) => x > 0).sort();
    if (positive.length === 0) return new Float64Array(values.length);
    const median = positive[positive.length >> 1];
    // A median near the smallest double makes the ratio overflow; the difference of logs does not.
    return values.map((x) => (x / median < Infinity ? Math.log1p(x / median) : Math.log(x) - Math.log(median)));
  },
} as const satisfies Record<NormalisationName, Normalisation>;

/** `values` (finite, ≥ 0) on the scale of a normalisation; the result is finite and ≥ 0. */
export function normalise(values: Float64Array, name: NormalisationName): Float64Array {
  return registry[name](values);
}

/** Rank of each value in (0, 1), ascending, equal values sharing the middle of their ranks. */
export function midRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + end) / 2 / values.length;
    start = end;
  }
  return ranks;
}

/** (x − offset) / scale, and 0 where the scale vanishes: all values are equal then. */
function affine(values: Float64Array, offset: number, scale: number): Float64Array {
  return scale > 0 ? values.map((x) => (x - offset) / scale) : new Float64Array(values.length);
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length;
}

function deviationOf(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(meanOf(values.map((x) => (x - mean) ** 2)));
}

function minimumOf(values: Float64Array): number {
  return values.reduce((low, x) => Math.min(low, x), Infinity);
}

function maximumOf(values: Float64Array): number {
  return values.reduce((high, x) => Math.max(high, x), -Infinity);
}
