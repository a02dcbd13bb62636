import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type DecoderShape } from "@espalier/contracts";
import {
  type ExecutionProvider,
  type Feeds,
  type GraphSession,
  openSession,
  type Results,
  statisticsProgram,
  weightFeeds,
} from "@espalier/graph";
import { clusterSamples, MAX_CLUSTERS } from "../calibration/cluster-samples.js";
import { type Observations, observe, sessionOptions } from "../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES, forwardRows, headChunkTokens, planMemory } from "../execution/memory.js";
import { prunableParameters } from "../units/index.js";
import { accumulateStatistics } from "./accumulate.js";
import { exists, removeTemporaries } from "./atomic-file.js";
import { MANIFEST_FILE, type Manifest, readManifest, type ShardEntry, writeManifest } from "./manifest.js";
import { OBSERVATION_FILE, readObservations, writeObservations } from "./observation-file.js";
import { openProfile, type Profile, sampleGradientFile } from "./profile.js";
import { PROFILE_PROTOCOL, profileKey } from "./profile-key.js";
import { writeShard, writeTensors } from "./shard-file.js";
import { planShards } from "./shards.js";
import { clusterTensors, gradientTensors, perSampleTensors, type StatisticGroups } from "./tensors.js";

/** The model whose statistics are wanted. */
export interface ProfiledModel {
  readonly shape: DecoderShape;
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** sha256 of config and weights. */
  readonly modelHash: string;
  readonly tokenizerHash: string;
}

export interface ProfileModelOptions {
  readonly model: ProfiledModel;
  /** Calibration samples, all of one length of at least two tokens. */
  readonly windows: readonly Int32Array[];
  /** The profile lies in `<dataDir>/<key>/`. */
  readonly dataDir: string;
  /** Called with the key of a profile that is not on disk, before it is computed; may bring it there, its manifest last. */
  readonly fetchStatistics?: ((key: string) => Promise<void>) | undefined;
  /** Calibration clusters; default and most 8, fewer when memory is short. */
  readonly clusters?: number | undefined;
  /** "samples" also keeps one weight gradient per sample on disk, for arbitrary subsets. Default "clusters". */
  readonly gradientGroups?: "clusters" | "samples" | undefined;
  /** Most bytes of per-sample gradients on disk; default 8 GiB. */
  readonly gradientBytes?: number | undefined;
  readonly groups?: Partial<StatisticGroups> | undefined;
  readonly memoryBytes?: number | undefined;
  /** Half as many samples a run as the memory allows. */
  readonly halfBatch?: boolean | undefined;
  readonly provider?: ExecutionProvider | undefined;
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Samples done so far, of how many. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Default bound on per-sample gradients on disk: 8 GiB. */
const DEFAULT_GRADIENT_BYTES = 8 * 1024 ** 3;

/** Share of the profile step's time that the observing forward pass takes, for progress. */
const OBSERVE_SHARE = 0.15;

interface Job {
  readonly options: ProfileModelOptions;
  readonly folder: string;
  readonly groups: StatisticGroups;
  readonly gradientGroups: "clusters" | "samples";
  readonly microBatch: number;
  readonly report: (share: number) => void;
}

/**
 * Computes the statistics of a calibration pool, or finds them on disk. Resumable: every finished shard is kept, the
 * manifest is written last. Throws AppError VALIDATION_FAILED when memory or the gradient bound is too small,
 * MODEL_WEIGHTS_NOT_FINITE when a loss is not finite, and the signal's reason when aborted.
 */
export async function profileModel(options: ProfileModelOptions): Promise<Profile> {
  const { model, windows } = options;
  if (windows.length === 0) throw new RangeError("a profile of no windows");
  const groups = { weightGradients: true, gram: true, ...options.groups };
  const gradientGroups = options.gradientGroups ?? "clusters";
  if (gradientGroups === "samples") checkGradientBytes(options);
  const memoryBytes = options.memoryBytes ?? DEFAULT_MEMORY_BYTES;
  const memory = planMemory({
    shape: model.shape,
    sequenceLength: windows[0].length,
    memoryBytes,
    halfBatch: options.halfBatch,
    clusters: options.clusters ?? MAX_CLUSTERS,
    weightGradients: groups.weightGradients,
  });
  const key = profileKey({ ...model, windows, clusters: memory.clusters, gradientGroups, groups });
  const folder = join(options.dataDir, key);
  const manifestPath = join(folder, MANIFEST_FILE);
  const open = { folder, shape: model.shape, cacheBytes: memoryBytes / 2 };
  const known = (await readManifest(manifestPath, key)) ?? (await fetched(options, manifestPath, key));
  if (known !== undefined) {
    options.onProgress?.(windows.length, windows.length);
    return await openProfile({ ...open, manifest: known, reused: true });
  }
  await mkdir(join(folder, "gradients"), { recursive: true });
  const report = (share: number): void => options.onProgress?.(Math.floor(share * windows.length), windows.length);
  const microBatch = gradientGroups === "samples" ? 1 : memory.microBatch;
  const job: Job = { options, folder, groups, gradientGroups, microBatch, report };
  const observations = await observeOnce(job, memoryBytes);
  const clusters = clusterSamples(observations, memory.clusters);
  const shards = planShards(clusters);
  await computeShards(job, shards);
  const manifest: Manifest = {
    protocol: PROFILE_PROTOCOL,
    key,
    sequenceLength: windows[0].length,
    groups,
    gradientGroups,
    clusters: [...clusters],
    shards,
  };
  await writeManifest(manifestPath, manifest);
  await removeTemporaries(folder);
  return await openProfile({ ...open, manifest, reused: false });
}

async function fetched({ fetchStatistics }: ProfileModelOptions, manifestPath: string, key: string) {
  if (fetchStatistics === undefined) return undefined;
  await fetchStatistics(key);
  return await readManifest(manifestPath, key);
}

function checkGradientBytes(options: ProfileModelOptions): void {
  const perSample = 4 * prunableParameters(options.model.shape);
  const need = perSample * options.windows.length;
  const have = options.gradientBytes ?? DEFAULT_GRADIENT_BYTES;
  if (need <= have) return;
  const detail = `one weight gradient per calibration sample takes ${need} bytes on disk and ${have} are allowed: ask for at most ${Math.floor(have / perSample)} samples, or use the preset espalier, which keeps one per cluster`;
  throw new AppError("VALIDATION_FAILED", detail, { errors: [{ detail, pointer: "/calibration/samples" }] });
}

/** The observing pass, kept on disk. What is used is always what was read back, so a resumed run clusters alike. */
async function observeOnce(job: Job, memoryBytes: number): Promise<Observations> {
  const { options, folder } = job;
  const { model, windows } = options;
  const path = join(folder, OBSERVATION_FILE);
  if (!(await exists(path))) {
    const observed = await observe({
      ...model,
      windows,
      microBatch: forwardRows(model.shape, windows[0].length, memoryBytes, options.halfBatch),
      provider: options.provider,
      threads: options.threads,
      signal: options.signal,
      onProgress: (done) => job.report((OBSERVE_SHARE * done) / windows.length),
    });
    assertFinite(observed.nll);
    await writeObservations(path, observed);
  }
  return await readObservations(path);
}

function assertFinite(nll: Float64Array): void {
  const bad = nll.findIndex((x) => !Number.isFinite(x));
  if (bad < 0) return;
  throw new AppError(
    "MODEL_WEIGHTS_NOT_FINITE",
    `the dense model's loss on calibration sample ${bad} is ${nll[bad]}: its weights overflow in float32, or the tokenizer does not belong to it`,
  );
}

async function computeShards(job: Job, shards: readonly ShardEntry[]): Promise<void> {
  const { options, folder } = job;
  const pending: ShardEntry[] = [];
  for (const shard of shards) if (!(await exists(join(folder, shard.file)))) pending.push(shard);
  if (pending.length === 0) return;
  const { model, windows } = options;
  const sequenceLength = windows[0].length;
  const chunk = headChunkTokens(model.shape, sequenceLength);
  const graph = statisticsProgram({
    shape: model.shape,
    sequenceLength,
    weightGradients: job.groups.weightGradients,
    gram: job.groups.gram,
    ...(chunk === undefined ? {} : { headChunkTokens: chunk }),
  });
  const session = await openSession(graph, sessionOptions(options));
  try {
    const weights = weightFeeds(graph, model.weights);
    let done = windows.length - pending.reduce((sum, shard) => sum + shard.samples.length, 0);
    for (const shard of pending) {
      await computeShard(job, shard, session, weights, (rows) =>
        job.report(OBSERVE_SHARE + ((1 - OBSERVE_SHARE) * (done + rows)) / windows.length),
      );
      done += shard.samples.length;
    }
  } finally {
    await session.release();
  }
}

async function computeShard(
  job: Job,
  shard: ShardEntry,
  session: GraphSession,
  weights: Feeds,
  onProgress: (rows: number) => void,
): Promise<void> {
  const { options, folder, groups } = job;
  const perSample = perSampleTensors(options.model.shape);
  const summed = clusterTensors(options.model.shape, groups);
  const part = await accumulateStatistics({
    session,
    weights,
    windows: shard.samples.map((sample) => options.windows[sample]),
    microBatch: job.microBatch,
    perSample,
    summed,
    signal: options.signal,
    onProgress,
    onBatch:
      job.gradientGroups === "samples"
        ? (results, start) => writeSampleGradient(job, results, shard.samples[start])
        : undefined,
  });
  await writeShard(join(folder, shard.file), part, perSample, summed);
}

/** Keeps the gradient of the one sample in the batch. */
async function writeSampleGradient(job: Job, results: Results, sample: number): Promise<void> {
  const entries = gradientTensors(job.options.model.shape)
    .filter(({ name }) => name.endsWith(".gradient_sum"))
    .map(({ name, dims }) => ({
      name,
      dtype: "F32" as const,
      shape: [...dims],
      data: results[name].data as Float32Array,
    }));
  await writeTensors(join(job.folder, sampleGradientFile(sample)), entries);
}
