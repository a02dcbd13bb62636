import type { DecoderShape } from "@espalier/contracts";
import type { GgufFile } from "../../gguf/read-gguf.js";
import { type TensorType, tensorEncodings } from "../../gguf/tensor-type.js";
import type { GgufTensor } from "../../gguf/write-gguf.js";
import { placeRows, takeRows } from "../../slice/select.js";
import type { ReadWeights } from "../profile.js";
import { architectureNamed } from "./architectures.js";
import { shapeOf } from "./hyperparameters.js";
import type { GgufLayout } from "./layout.js";
import { frequencyTensor, isFrequencies, scalingOf } from "./rope-frequencies.js";
import { interleavedRows } from "./rope-order.js";
import { ggufName, huggingFaceName } from "./tensor-names.js";

/** The tensors of a layout as llama.cpp wants them; matrices in `type`, or in F16 where their rows are no whole blocks. */
export function ggufTensors({ architecture, model }: GgufLayout, type: TensorType): readonly GgufTensor[] {
  const tensors = model.tensors.map((tensor): GgufTensor => {
    const heads = architecture.pairsNeighbours ? rotatedHeads(model.shape, tensor.name) : 0;
    return {
      name: ggufName(tensor.name),
      shape: tensor.shape,
      type: storedType(tensor.shape, type),
      data: () => (heads === 0 ? tensor.data() : reordered(tensor.data(), heads, model.shape, takeRows)),
    };
  });
  return [...frequencyTensor(model.shape), ...tensors];
}

/** A model read back: its weights by Hugging Face name in its order of rows, and its shape. */
export async function modelOf(file: GgufFile, written: DecoderShape): Promise<Pick<ReadWeights, "shape" | "weights">> {
  const { pairsNeighbours } = architectureNamed(file.metadata.get("general.architecture")?.value);
  const shape = shapeOf(file);
  const weights = new Map<string, Float32Array>();
  let divisors: Float32Array | undefined;
  for (const tensor of file.tensors.values()) {
    const values = await file.read(tensor);
    if (isFrequencies(tensor.name)) {
      divisors = values;
      continue;
    }
    const name = huggingFaceName(tensor.name);
    const heads = pairsNeighbours ? rotatedHeads(shape, name) : 0;
    const back = (matrix: Float32Array, _: number, rows: Int32Array): Float32Array =>
      placeRows(matrix, rows, rows.length);
    weights.set(name, heads === 0 ? values : reordered(values, heads, shape, back));
  }
  return { shape: { ...shape, ...scalingOf(divisors, written) }, weights };
}

/** Vectors are added, not multiplied, and few: they stay exact. */
function storedType(shape: readonly number[], type: TensorType): TensorType {
  if (shape.length < 2) return "F32";
  return (shape.at(-1) ?? 0) % tensorEncodings[type].block === 0 ? type : "F16";
}

/** Heads of a matrix or bias whose rows the rotary embedding turns; zero for the others. */
function rotatedHeads({ layers }: DecoderShape, name: string): number {
  const [, layer, projection] = /^model\.layers\.(\d+)\.self_attn\.([qk])_proj\.(?:weight|bias)$/.exec(name) ?? [];
  if (layer === undefined) return 0;
  const { heads, kvHeads } = layers[Number(layer)];
  return projection === "q" ? heads : kvHeads;
}

/** A matrix [heads · headDim, columns], or a vector. */
const reordered = (matrix: Float32Array, heads: number, { headDim }: DecoderShape, move: typeof takeRows) =>
  move(matrix, matrix.length / (heads * headDim), interleavedRows(heads, headDim));
