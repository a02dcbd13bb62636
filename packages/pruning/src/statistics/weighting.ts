import type { Profile } from "./profile.js";

/**
 * How much each calibration sample counts. What is exact depends on the kind:
 * - `clusters`: every statistic, the weight-level ones included, because a gradient is linear in the sample weights and
 *   all samples of a cluster weigh the same;
 * - `subset`: per-vector sums and moments always; weight-level gradients only where the profile keeps one per sample.
 */
export type Weighting = ClusterWeighting | SubsetWeighting;

export interface ClusterWeighting {
  readonly kind: "clusters";
  /** Weight of each sample, sums to one, equal within a cluster. */
  readonly samples: Float64Array;
  /** Weight of a sample of each cluster. */
  readonly clusters: Float64Array;
}

export interface SubsetWeighting {
  readonly kind: "subset";
  /** Weight of each sample, sums to one; equal over the subset, repeats counting again, else 0. */
  readonly samples: Float64Array;
}

/**
 * Samples weighted by their cluster's relative weight (≥ 0), normalised to sum to one; all zero means all equal.
 * Throws RangeError for a wrong count or a negative or non-finite weight.
 */
export function weightClusters(
  profile: Pick<Profile, "clusters" | "clusterCount">,
  relative: ArrayLike<number>,
): ClusterWeighting {
  const { clusters, clusterCount } = profile;
  if (relative.length !== clusterCount) {
    throw new RangeError(`${relative.length} cluster weights for ${clusterCount} clusters`);
  }
  const given = Float64Array.from(relative);
  const bad = given.findIndex((w) => !(w >= 0 && w < Number.POSITIVE_INFINITY));
  if (bad >= 0) throw new RangeError(`weight of cluster ${bad} is ${given[bad]}, expected a finite number ≥ 0`);
  if (given.every((w) => w === 0)) given.fill(1);
  let total = 0;
  for (const cluster of clusters) total += given[cluster];
  const weights = given.map((w) => w / total);
  return { kind: "clusters", clusters: weights, samples: Float64Array.from(clusters, (c) => weights[c]) };
}

/** All samples alike. */
export function weightEqually(profile: Pick<Profile, "clusters" | "clusterCount">): ClusterWeighting {
  return weightClusters(profile, new Float64Array(profile.clusterCount).fill(1));
}

/** Whether every sample counts the same. */
export function isEqual({ clusters }: ClusterWeighting): boolean {
  return clusters.every((weight) => weight === clusters[0]);
}

/** The given samples alike, the others not at all; a sample named twice counts twice. RangeError for a bad number. */
export function weightSubset(profile: Pick<Profile, "sampleCount">, samples: readonly number[]): SubsetWeighting {
  if (samples.length === 0) throw new RangeError("a subset of no samples");
  const weights = new Float64Array(profile.sampleCount);
  for (const sample of samples) {
    if (!Number.isInteger(sample) || sample < 0 || sample >= profile.sampleCount) {
      throw new RangeError(`sample ${sample} of a pool of ${profile.sampleCount}`);
    }
    weights[sample] += 1 / samples.length;
  }
  return { kind: "subset", samples: weights };
}

/**
 * Relative cluster weights tilted by difficulty: weight · exp(temperature · z), z the standardised mean NLL of the
 * cluster. It tilts clusters, not single samples, so that weight-level statistics stay exact. 0 changes nothing.
 */
export function tiltByNll(
  profile: Pick<Profile, "clusters" | "clusterCount" | "observations">,
  relative: ArrayLike<number>,
  temperature: number,
): Float64Array {
  const { clusters, clusterCount, observations } = profile;
  const sums = new Float64Array(clusterCount);
  const sizes = new Float64Array(clusterCount);
  clusters.forEach((cluster, sample) => {
    sums[cluster] += observations.nll[sample];
    sizes[cluster]++;
  });
  const means = sums.map((sum, c) => (sizes[c] === 0 ? 0 : sum / sizes[c]));
  const mean = means.reduce((a, b) => a + b, 0) / clusterCount;
  const deviation = Math.sqrt(means.reduce((a, b) => a + (b - mean) ** 2, 0) / clusterCount);
  return Float64Array.from(relative, (w, c) =>
    deviation === 0 ? w : w * Math.exp((temperature * (means[c] - mean)) / deviation),
  );
}
