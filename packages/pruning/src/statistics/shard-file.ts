import { openSafetensors, readTensor, type TensorToWrite, writeSafetensors } from "@espalier/model";
import type { StatisticsPart } from "./accumulate.js";
import { writeAtomically } from "./atomic-file.js";
import type { StatisticTensor } from "./tensors.js";

/** Name of the stored mean NLL per sample, from the statistics run. */
const NLL_TENSOR = "nll";

/** Arrays read from one file, by name. */
export type StoredTensors = ReadonlyMap<string, () => Promise<Float32Array>>;

/** Writes the statistics of some samples: rows of per-sample arrays, then sums, all float32. */
export async function writeShard(
  path: string,
  part: StatisticsPart,
  perSample: readonly StatisticTensor[],
  summed: readonly StatisticTensor[],
): Promise<void> {
  const count = part.nll.length;
  const entries: TensorToWrite[] = [
    { name: NLL_TENSOR, dtype: "F32", shape: [count], data: Float32Array.from(part.nll) },
    ...perSample.map(
      ({ name, dims }): TensorToWrite => ({
        name,
        dtype: "F32",
        shape: [count, ...dims],
        data: stored(part.perSample, name),
      }),
    ),
    ...summed.map(
      ({ name, dims }): TensorToWrite => ({
        name,
        dtype: "F32",
        shape: [...dims],
        data: () => Float32Array.from(stored(part.summed, name)),
      }),
    ),
  ];
  await writeTensors(path, entries);
}

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
