import { streamRng } from "@espalier/search";
import { kMeans } from "./k-means.js";
import type { Observations } from "./observe.js";

/** Most clusters a calibration pool is split in; presets search one weight for each. */
export const MAX_CLUSTERS = 8;

/** Seed of the clustering: fixed, since the statistics of a pool are shared by jobs with different seeds. */
const CLUSTER_SEED = 0;

/**
 * Cluster of each sample from its embedding, numbered by rising mean NLL (cluster 0 holds the easiest text), so that
 * the same number means alike in different pools. Clusters that stay empty are dropped; at most one per sample.
 */
export function clusterSamples(observations: Observations, clusters: number): Int32Array {
  const { embeddings, nll, dimension } = observations;
  const count = nll.length;
  const k = Math.min(clusters, count);
  const owner = kMeans({ values: embeddings, count, dimension }, k, streamRng(CLUSTER_SEED, 0));
  const sums = new Float64Array(k);
  const sizes = new Int32Array(k);
  owner.forEach((c, i) => {
    sums[c] += nll[i];
    sizes[c]++;
  });
  const order = Array.from({ length: k }, (_, c) => c)
    .filter((c) => sizes[c] > 0)
    .sort((a, b) => sums[a] / sizes[a] - sums[b] / sizes[b] || a - b);
  const rank = new Int32Array(k);
  order.forEach((c, r) => {
    rank[c] = r;
  });
  return owner.map((c) => rank[c]);
}

/** Sample numbers by rising mean NLL, ties by number: neighbours in this order are alike. */
export function orderByNll(nll: Float64Array): Int32Array {
  return Int32Array.from(Array.from(nll, (_, i) => i).sort((a, b) => nll[a] - nll[b] || a - b));
}
