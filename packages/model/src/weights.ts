import { AppError } from "@espalier/contracts";
import { decoderName } from "./experts/expert-names.js";
import { WeightStacks } from "./experts/weight-stacks.js";
import type { ModelFolder } from "./folder.js";
import { ModelHasher } from "./hash.js";
import type { TensorInfo } from "./safetensors/header.js";
import { readTensor } from "./safetensors/read.js";

/**
 * The weights one after another, float32, row-major: memory is bounded by one tensor.
 * Throws `MODEL_WEIGHTS_NOT_FINITE` with the tensor's name, the position and the value.
 */
export async function* eachWeight(folder: Pick<ModelFolder, "tensors">): AsyncGenerator<[string, Float32Array]> {
  for (const [name, tensor] of folder.tensors) {
    const values = await readTensor(tensor);
    refuseNonFinite(name, values);
    yield [name, values];
  }
}

/** All weights by their Hugging Face tensor names; those of experts as `WeightStacks` has them. */
export async function readWeights(folder: Pick<ModelFolder, "tensors">): Promise<Map<string, Float32Array>> {
  const stacks = new WeightStacks(folder.tensors.keys());
  for await (const [name, values] of eachWeight(folder)) {
    stacks.set(name, folder.tensors.get(name)?.shape ?? [], values);
  }
  return stacks.weights;
}

/** All weights as `readWeights` has them, and the `modelHash`, with every file read once. */
export async function readHashedWeights(
  folder: Pick<ModelFolder, "config" | "tensors">,
): Promise<{ readonly weights: Map<string, Float32Array>; readonly modelHash: string }> {
  const hasher = new ModelHasher(folder.config);
  const stacks = new WeightStacks(folder.tensors.keys());
  for (const [name, tensor] of folder.tensors) {
    hasher.begin(tensor);
    const values = await readTensor(tensor, (chunk) => hasher.update(chunk));
    refuseNonFinite(name, values);
    stacks.set(name, tensor.shape, values);
  }
  return { weights: stacks.weights, modelHash: hasher.digest() };
}

/** A model's weights, read when somebody wants them. */
export interface LazyWeights {
  /** All of them, read once. */
  all(): Promise<ReadonlyMap<string, Float32Array>>;
  /** Those of the given names, experts stacked, read anew each time: nothing is kept. Throws RangeError for a tensor that is not there. */
  some(names: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
}

/** The weights of a folder, none of them in memory yet. Both reads throw `MODEL_WEIGHTS_NOT_FINITE`. */
export function lazyWeights(folder: Pick<ModelFolder, "tensors">): LazyWeights {
  let whole: Promise<ReadonlyMap<string, Float32Array>> | undefined;
  return {
    all() {
      whole ??= readWeights(folder);
      return whole;
    },
    some: async (names) => await readWeights({ tensors: tensorsOf(folder, names) }),
  };
}

/** Weights that are in memory already, as if they were read. */
export function heldWeights(weights: ReadonlyMap<string, Float32Array>): LazyWeights {
  return { all: async () => weights, some: async () => weights };
}

/** The tensors that weights are made of: one each, or one for every expert. */
function tensorsOf({ tensors }: Pick<ModelFolder, "tensors">, names: readonly string[]): Map<string, TensorInfo> {
  const wanted = new Set(names);
  const found = new Map([...tensors].filter(([tensor]) => wanted.has(decoderName(tensor).name)));
  for (const tensor of found.keys()) wanted.delete(decoderName(tensor).name);
  for (const name of wanted) throw new RangeError(`'${name}' is not among the model's ${tensors.size} tensors`);
  return found;
}

function refuseNonFinite(name: string, values: Float32Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new AppError(
    "MODEL_WEIGHTS_NOT_FINITE",
    `Tensor '${name}' holds ${values[at]} at position ${at}. Download or train the model again.`,
  );
}
