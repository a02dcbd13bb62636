import { openSafetensors, readTensor, type TensorToWrite, writeSafetensors } from "@espalier/model";
import type { StatisticsSums } from "./accumulate.js";
import { writeAtomically } from "./atomic-file.js";
import type { StatisticTensor } from "./tensors.js";

/** Name of the stored mean NLL per sample, from the statistics run. */
const NLL_TENSOR = "nll";

/** Arrays read from one file, by name. */
export type StoredTensors = ReadonlyMap<string, () => Promise<Float32Array>>;

/** What a shard, or a block's part of one, holds. */
export interface ShardContent {
  /** Samples that it is of. */
  readonly count: number;
  /** Mean NLL per sample; parts have none. */
  readonly nll?: Float64Array;
  /** One row per sample each. */
  readonly perSample: readonly StatisticTensor[];
  readonly summed: readonly StatisticTensor[];
  /** An array by name; asked for when its turn to be written comes. */
  readonly valuesOf: (name: string) => Float32Array | Promise<Float32Array>;
}

/** Writes the statistics of some samples: losses, rows of per-sample arrays, then sums, all float32. */
export async function writeShard(path: string, content: ShardContent): Promise<void> {
  const { count, nll, valuesOf } = content;
  const entry = (name: string, shape: readonly number[]): TensorToWrite => ({
    name,
    dtype: "F32",
    shape,
    data: () => valuesOf(name),
  });
  const losses: TensorToWrite[] =
    nll === undefined ? [] : [{ name: NLL_TENSOR, dtype: "F32", shape: [count], data: Float32Array.from(nll) }];
  await writeTensors(path, [
    ...losses,
    ...content.perSample.map(({ name, dims }) => entry(name, [count, ...dims])),
    ...content.summed.map(({ name, dims }) => entry(name, dims)),
  ]);
}

/** Arrays of accumulated statistics by name, in float32. */
export const valuesOfSums =
  ({ perSample, summed }: StatisticsSums) =>
  (name: string): Float32Array =>
    perSample.get(name) ?? Float32Array.from(stored(summed, name));

/** Writes a safetensors file that appears whole or not at all. */
export async function writeTensors(path: string, entries: readonly TensorToWrite[]): Promise<void> {
  await writeAtomically(path, (temporary) => writeSafetensors(temporary, entries));
}

/** Opens a stored file; each array is read when it is asked for. */
export async function openTensors(path: string): Promise<StoredTensors> {
  const file = await openSafetensors(path);
  return new Map([...file.tensors].map(([name, tensor]) => [name, () => readTensor(tensor)]));
}

/** Reads one array of an opened file; RangeError when it is not there. */
export async function readStored(tensors: StoredTensors, name: string): Promise<Float32Array> {
  return await stored(tensors, name)();
}

function stored<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) throw new RangeError(`'${name}' is not among the ${map.size} stored statistics`);
  return found;
}
