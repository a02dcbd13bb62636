import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type DecoderShape } from "@espalier/contracts";
import type { ExecutionProvider } from "@espalier/graph";
import { heldWeights, type LazyWeights } from "@espalier/model";
import { clusterSamples, MAX_CLUSTERS } from "../calibration/cluster-samples.js";
import type { Observations } from "../calibration/observe.js";
import { DEFAULT_MEMORY_BYTES } from "../execution/memory.js";
import { type ProfileMode, planProfile } from "../execution/profile-plan.js";
import { prunableParameters } from "../units/index.js";
import { exists, removeTemporaries } from "./atomic-file.js";
import type { ProfileExecution } from "./execution/execution.js";
import { Scratch } from "./execution/scratch.js";
import { streamedExecution } from "./execution/streamed.js";
import { wholeExecution } from "./execution/whole.js";
import { MANIFEST_FILE, type Manifest, readManifest, writeManifest } from "./manifest.js";
import { OBSERVATION_FILE, readObservations, writeObservations } from "./observation-file.js";
import { openProfile, type Profile } from "./profile.js";
import { PROFILE_PROTOCOL, profileKey } from "./profile-key.js";
import { planShards } from "./shards.js";
import type { StatisticGroups } from "./tensors.js";

/** The model whose statistics are wanted. */
export interface ProfiledModel {
  readonly shape: DecoderShape;
  /** In memory, or read as they are wanted: a streamed profile then holds those of one block. */
  readonly weights: ReadonlyMap<string, Float32Array> | LazyWeights;
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
  /** Block by block, or all at once; default "auto": all at once where that fits. The result is the same. */
  readonly mode?: ProfileMode | undefined;
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
  const memory = planProfile(
    {
      shape: model.shape,
      sequenceLength: windows[0].length,
      memoryBytes,
      halfBatch: options.halfBatch,
      clusters: options.clusters ?? MAX_CLUSTERS,
      weightGradients: groups.weightGradients,
    },
    options.mode,
  );
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
  const execution = executions[memory.execution]({
    ...options,
    shape: model.shape,
    weights: weightsOf(model),
    folder,
    groups,
    gradientGroups,
    plan: gradientGroups === "samples" ? { ...memory, microBatch: 1 } : memory,
    memoryBytes,
    report: (share) => options.onProgress?.(Math.floor(share * windows.length), windows.length),
  });
  const identity = { protocol: PROFILE_PROTOCOL, key, sequenceLength: windows[0].length, groups, gradientGroups };
  const manifest = await complete(execution, folder, identity, memory.clusters).catch(async (error: unknown) => {
    // Another process may have completed the same profile, and removed what both kept between blocks.
    const completed = await readManifest(manifestPath, key);
    if (completed === undefined) throw error;
    return completed;
  });
  return await openProfile({ ...open, manifest, reused: false });
}

/** Computes what of a profile is not there, the manifest last. */
async function complete(
  execution: ProfileExecution,
  folder: string,
  identity: Omit<Manifest, "clusters" | "shards">,
  clusterCount: number,
): Promise<Manifest> {
  const observations = await observeOnce(execution, folder);
  const clusters = clusterSamples(observations, clusterCount);
  const shards = planShards(clusters);
  await execution.writeShards(shards, observations);
  const manifest: Manifest = { ...identity, clusters: [...clusters], shards };
  await writeManifest(join(folder, MANIFEST_FILE), manifest);
  await new Scratch(folder).remove();
  await removeTemporaries(folder);
  return manifest;
}

const executions = { whole: wholeExecution, streamed: streamedExecution } as const;

/** Weights that are in memory already serve like those of a folder. */
function weightsOf({ weights }: ProfiledModel): LazyWeights {
  return "get" in weights ? heldWeights(weights) : weights;
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
async function observeOnce(execution: ProfileExecution, folder: string): Promise<Observations> {
  const path = join(folder, OBSERVATION_FILE);
  if (!(await exists(path))) {
    const observed = await execution.observe();
    await refuseNonFinite(observed.nll, folder);
    await writeObservations(path, observed);
  }
  return await readObservations(path);
}

async function refuseNonFinite(nll: Float64Array, folder: string): Promise<void> {
  const bad = nll.findIndex((x) => !Number.isFinite(x));
  if (bad < 0) return;
  await new Scratch(folder).remove();
  throw new AppError(
    "MODEL_WEIGHTS_NOT_FINITE",
    `the dense model's loss on calibration sample ${bad} is ${nll[bad]}: its weights overflow in float32, or the tokenizer does not belong to it`,
  );
}
