import { join } from "node:path";
import type { DecoderShape } from "@espalier/contracts";
import { outputNames, type ProjectionName } from "@espalier/graph";
import type { Observations } from "../calibration/observe.js";
import type { Manifest } from "./manifest.js";
import { OBSERVATION_FILE, readObservations } from "./observation-file.js";
import { openTensors, readStored, type StoredTensors } from "./shard-file.js";
import { clusterTensors, perSampleTensors } from "./tensors.js";

/** Statistics of a calibration pool, computed once. Per-sample arrays are in memory, weight-level ones are read on demand. */
export interface Profile {
  /** Content address. */
  readonly key: string;
  /** It was on disk already. */
  readonly reused: boolean;
  readonly shape: DecoderShape;
  readonly sampleCount: number;
  readonly sequenceLength: number;
  readonly clusterCount: number;
  /** Cluster of each sample, 0 … clusterCount−1, by rising mean NLL of the cluster. */
  readonly clusters: Int32Array;
  readonly observations: Observations;
  readonly gradientGroups: "clusters" | "samples";
  /** [samples, width] by graph output name. */
  perSample(name: string): Float32Array;
  /** Sum over a cluster's samples by graph output name. */
  clusterSum(cluster: number, name: string): Promise<Float32Array>;
  /** Weight gradient of one sample's mean NLL; only where `gradientGroups` is "samples". */
  sampleGradient(sample: number, layer: number, projection: ProjectionName): Promise<Float32Array>;
}

/** File of one sample's weight gradients, below the profile's folder. */
export const sampleGradientFile = (sample: number): string => `gradients/sample-${sample}.safetensors`;

export interface OpenProfileOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly shape: DecoderShape;
  readonly reused: boolean;
  /** Summed arrays stay in memory once read while they take at most this much together. */
  readonly cacheBytes: number;
}

/** Opens a complete profile. */
export async function openProfile(options: OpenProfileOptions): Promise<Profile> {
  const { folder, manifest, shape } = options;
  const files = await Promise.all(manifest.shards.map((shard) => openTensors(join(folder, shard.file))));
  const clusters = Int32Array.from(manifest.clusters);
  const clusterCount = 1 + clusters.reduce((max, c) => Math.max(max, c), 0);
  const perSample = await gatherRows(manifest, files, shape);
  const sums = clusterSums(manifest, files, fits(options, clusterCount));
  return {
    key: manifest.key,
    reused: options.reused,
    shape,
    sampleCount: clusters.length,
    sequenceLength: manifest.sequenceLength,
    clusterCount,
    clusters,
    observations: await readObservations(join(folder, OBSERVATION_FILE)),
    gradientGroups: manifest.gradientGroups,
    perSample(name) {
      const rows = perSample.get(name);
      if (rows === undefined) throw new RangeError(`'${name}' is not a per-sample statistic of this profile`);
      return rows;
    },
    clusterSum: sums,
    async sampleGradient(sample, layer, projection) {
      if (manifest.gradientGroups !== "samples") {
        throw new RangeError("this profile keeps weight gradients per cluster, not per sample");
      }
      const tensors = await openTensors(join(folder, sampleGradientFile(sample)));
      return await readStored(tensors, outputNames.weightStatistic(layer, projection, "gradient_sum"));
    },
  };
}

function fits(options: OpenProfileOptions, clusterCount: number): boolean {
  const numbers = clusterTensors(options.shape, options.manifest.groups).reduce(
    (sum, { dims }) => sum + dims.reduce((product, dim) => product * dim, 1),
    0,
  );
  return 4 * numbers * clusterCount <= options.cacheBytes;
}

/** Per-sample arrays of all shards, rows in sample order. */
async function gatherRows(
  manifest: Manifest,
  files: readonly StoredTensors[],
  shape: DecoderShape,
): Promise<ReadonlyMap<string, Float32Array>> {
  const gathered = new Map<string, Float32Array>();
  for (const { name, dims } of perSampleTensors(shape)) {
    const width = dims[0];
    const rows = new Float32Array(manifest.clusters.length * width);
    for (const [s, shard] of manifest.shards.entries()) {
      const part = await readStored(files[s], name);
      shard.samples.forEach((sample, row) => {
        rows.set(part.subarray(row * width, (row + 1) * width), sample * width);
      });
    }
    gathered.set(name, rows);
  }
  return gathered;
}

function clusterSums(manifest: Manifest, files: readonly StoredTensors[], keep: boolean): Profile["clusterSum"] {
  const kept = new Map<string, Float32Array>();
  return async (cluster, name) => {
    const id = `${cluster}/${name}`;
    const known = kept.get(id);
    if (known !== undefined) return known;
    const parts = files.filter((_, s) => manifest.shards[s].cluster === cluster);
    if (parts.length === 0) throw new RangeError(`cluster ${cluster} has no samples`);
    const total = await readStored(parts[0], name);
    for (const part of parts.slice(1)) {
      const more = await readStored(part, name);
      for (let i = 0; i < total.length; i++) total[i] += more[i];
    }
    if (keep) kept.set(id, total);
    return total;
  };
}
