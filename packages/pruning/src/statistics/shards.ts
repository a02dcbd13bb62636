import type { ShardEntry } from "./manifest.js";

/** Most samples in one shard: bounds the work that a kill can lose. */
const SAMPLES_PER_SHARD = 64;

/** Cuts each cluster's samples into shards, in sample order. Pure: a resumed run finds the same file names. */
export function planShards(clusters: Int32Array, samplesPerShard = SAMPLES_PER_SHARD): ShardEntry[] {
  const members = new Map<number, number[]>();
  clusters.forEach((cluster, sample) => {
    const list = members.get(cluster);
    if (list === undefined) members.set(cluster, [sample]);
    else list.push(sample);
  });
  return [...members.keys()]
    .sort((a, b) => a - b)
    .flatMap((cluster) => {
      const samples = members.get(cluster) ?? [];
      const parts = Math.ceil(samples.length / samplesPerShard);
      return Array.from({ length: parts }, (_, part) => ({
        file: `cluster-${cluster}-part-${part}.safetensors`,
        cluster,
        samples: samples.slice(part * samplesPerShard, (part + 1) * samplesPerShard),
      }));
    });
}
