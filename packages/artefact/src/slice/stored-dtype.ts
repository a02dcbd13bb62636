import type { TensorInfo, WeightDtype } from "@espalier/model";
import type { SlicedModel, SlicedTensor } from "./sliced-model.js";

/** `torch_dtype` of config.json for each dtype of safetensors. */
const torchNames = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const satisfies Record<WeightDtype, string>;

export interface StoredDtypes {
  readonly of: (tensor: SlicedTensor) => WeightDtype;
  /** What config.json's `torch_dtype` has to say; null leaves the source's own. */
  readonly torchDtype: string | null;
}

/**
 * How the tensors are stored. A model that only lost units keeps the dtype of every tensor: slicing copies numbers, so
 * nothing is rounded. A model with recomputed weights is stored as F32 throughout, because rounding them to half
 * precision would move the losses by about 1e-4, more than an export may differ from what the search measured.
 */
export function storedDtypes(sliced: SlicedModel, source: ReadonlyMap<string, TensorInfo>): StoredDtypes {
  if (!sliced.tensors.every((tensor) => tensor.untouched)) return { of: () => "F32", torchDtype: torchNames.F32 };
  return { of: (tensor) => weightDtype(tensor.name, source.get(tensor.source ?? tensor.name)), torchDtype: null };
}

function weightDtype(name: string, info: TensorInfo | undefined): WeightDtype {
  const dtype = info?.dtype;
  if (dtype === "F32" || dtype === "F16" || dtype === "BF16") return dtype;
  throw new RangeError(`tensor '${name}' has the dtype ${dtype ?? "of no tensor"}, which no weight has`);
}
