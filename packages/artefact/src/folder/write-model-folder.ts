import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExportProfile } from "@espalier/contracts";
import { type ModelFolder, writeSafetensors } from "@espalier/model";
import { jsonText } from "../documents/json-text.js";
import { profileRegistry } from "../profiles/registry.js";
import type { SlicedModel } from "../slice/slice-model.js";
import { storedDtypes } from "../slice/stored-dtype.js";
import { copyCarriedFiles } from "./copied-files.js";

export const WEIGHT_FILE = "model.safetensors";

export interface ModelFolderInput {
  readonly source: Pick<ModelFolder, "path" | "config" | "tensors">;
  readonly sliced: SlicedModel;
  readonly profile: ExportProfile;
  /** Markdown of the model card. */
  readonly card: string;
  readonly linkRoots: readonly string[];
}

/** Writes one sliced model in one profile's form into a new folder: weights, config, card, and the files carried on. */
export async function writeModelFolder(folder: string, input: ModelFolderInput): Promise<void> {
  const { source, sliced, profile } = input;
  const dtypes = storedDtypes(sliced, source.tensors);
  const form = profileRegistry[profile];
  const config = form.config({
    source: source.config.raw,
    shape: sliced.shape,
    biased: sliced.biased,
    torchDtype: dtypes.torchDtype,
  });
  await mkdir(folder, { recursive: true });
  await copyCarriedFiles(source.path, folder, input.linkRoots);
  await writeFile(join(folder, "config.json"), jsonText(config));
  await writeFile(join(folder, "README.md"), input.card);
  // `format` is the key that loaders of the ecosystem look for; "pt" says row-major tensors in PyTorch's layout.
  await writeSafetensors(
    join(folder, WEIGHT_FILE),
    form.tensors(sliced).map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      data: tensor.data,
      dtype: dtypes.of(tensor),
    })),
    { format: "pt" },
  );
}
