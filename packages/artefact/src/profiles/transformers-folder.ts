import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openModel, readWeights, writeShards } from "@espalier/model";
import { jsonText } from "../documents/json-text.js";
import { carriedFiles, copyCarriedFiles } from "../folder/copied-files.js";
import type { SlicedModel } from "../slice/sliced-model.js";
import { storedDtypes } from "../slice/stored-dtype.js";
import { exactFor } from "../verify/compare-losses.js";
import { keptKeys } from "./kept-keys.js";
import type { Profile, ProfileRuntime } from "./profile.js";

export const WEIGHT_FILE = "model.safetensors";

/** What distinguishes the forms that are folders as transformers writes them. */
export interface TransformersForm {
  /**
   * The model as it is written, and the keys of config.json that follow from it; the others are the source's. Throws
   * AppError VALIDATION_FAILED for one that the form cannot hold.
   */
  form(sliced: SlicedModel): { readonly model: SlicedModel; readonly keys: Readonly<Record<string, unknown>> };
  readonly loading: string;
  readonly tested: string;
  readonly runtime: ProfileRuntime | null;
}

/** A profile of config.json, model.safetensors and the source's tokenizer files. */
export function transformersFolder({ form, loading, tested, runtime }: TransformersForm): Profile {
  return {
    loading,
    tested,
    runtime,
    async write(folder, { source, sliced, linkRoots }) {
      const { model: written, keys: own } = form(sliced);
      const dtypes = storedDtypes(written, source.tensors);
      const keys = { ...commonKeys(source.config.raw, written, dtypes.torchDtype), ...own };
      await copyCarriedFiles(source.path, folder, await carriedFiles(source.path), linkRoots);
      await writeFile(join(folder, "config.json"), jsonText(keys));
      const entries = written.tensors.map((tensor) => ({
        name: tensor.name,
        shape: tensor.shape,
        data: tensor.data,
        dtype: dtypes.of(tensor),
      }));
      // `format` is the key that loaders of the ecosystem look for; "pt" says row-major tensors in PyTorch's layout.
      await writeShards(folder, entries, { format: "pt" });
    },
    async *readBack(folder) {
      const model = await openModel(folder);
      const { shape } = model.config;
      yield { file: WEIGHT_FILE, shape, weights: await readWeights(model), tolerance: exactFor(shape) };
    },
  };
}

/** The keys that every such config.json shares: the source's, an explicit head size, the dtype where it changed. */
function commonKeys(
  source: Readonly<Record<string, unknown>>,
  { shape }: SlicedModel,
  torchDtype: string | null,
): Record<string, unknown> {
  const kept = keptKeys(source);
  // Newer configs say `dtype`, older ones `torch_dtype`; whichever the source uses is corrected.
  const dtypeKey = "dtype" in kept && !("torch_dtype" in kept) ? "dtype" : "torch_dtype";
  return {
    ...kept,
    // Without it, loaders take hidden_size / num_attention_heads, which pruning makes wrong.
    head_dim: shape.headDim,
    ...(torchDtype === null ? {} : { [dtypeKey]: torchDtype }),
  };
}
