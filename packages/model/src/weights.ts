import { AppError } from "@espalier/contracts";
import { WeightStacks } from "./experts/weight-stacks.js";
import type { ModelFolder } from "./folder.js";
import { ModelHasher } from "./hash.js";
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

function refuseNonFinite(name: string, values: Float32Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new AppError(
    "MODEL_WEIGHTS_NOT_FINITE",
    `Tensor '${name}' holds ${values[at]} at position ${at}. Download or train the model again.`,
  );
}
