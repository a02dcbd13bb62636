import type { DecoderShape } from "@espalier/contracts";
import type { GgufFile } from "../../gguf/read-gguf.js";
import { type TensorType, tensorEncodings } from "../../gguf/tensor-type.js";
import type { GgufTensor } from "../../gguf/write-gguf.js";
import { placeRows, takeRows } from "../../slice/select.js";
import type { SlicedModel } from "../../slice/slice-model.js";
import { interleavedRows } from "./rope-order.js";
import { ggufName, huggingFaceName } from "./tensor-names.js";

/** The tensors of a model as llama.cpp wants them; matrices in `type`, or in F16 where their rows are no whole blocks. */
export function ggufTensors({ shape, tensors }: SlicedModel, type: TensorType): readonly GgufTensor[] {
  return tensors.map((tensor) => {
    const heads = rotatedHeads(shape, tensor.name);
    return {
      name: ggufName(tensor.name),
      shape: tensor.shape,
      type: storedType(tensor.shape, type),
      data: () => (heads === 0 ? tensor.data() : reordered(tensor.data(), heads, shape, takeRows)),
    };
  });
}

/** The weights of a file by Hugging Face name, in its order of rows. */
export async function weightsOf(file: GgufFile, shape: DecoderShape): Promise<ReadonlyMap<string, Float32Array>> {
  const weights = new Map<string, Float32Array>();
  for (const tensor of file.tensors.values()) {
    const name = huggingFaceName(tensor.name);
    const heads = rotatedHeads(shape, name);
    const values = await file.read(tensor);
    const back = (matrix: Float32Array, _: number, rows: Int32Array): Float32Array =>
      placeRows(matrix, rows, rows.length);
    weights.set(name, heads === 0 ? values : reordered(values, heads, shape, back));
  }
  return weights;
}

/** Vectors are added, not multiplied, and few: they stay exact. */
function storedType(shape: readonly number[], type: TensorType): TensorType {
  if (shape.length < 2) return "F32";
  return (shape.at(-1) ?? 0) % tensorEncodings[type].block === 0 ? type : "F16";
}

/** Heads of a matrix whose rows the rotary embedding turns; zero for the others. */
function rotatedHeads({ layers }: DecoderShape, name: string): number {
  const [, layer, projection] = /^model\.layers\.(\d+)\.self_attn\.([qk])_proj\.weight$/.exec(name) ?? [];
  if (layer === undefined) return 0;
  const { heads, kvHeads } = layers[Number(layer)];
  return projection === "q" ? heads : kvHeads;
}

const reordered = (matrix: Float32Array, heads: number, { headDim, hiddenSize }: DecoderShape, move: typeof takeRows) =>
  move(matrix, hiddenSize, interleavedRows(heads, headDim));
