import { stat } from "node:fs/promises";
import { AppError, type ErrorCode, mlpUnits } from "@espalier/contracts";
import type { FamilyName } from "./config/model-config.js";
import { type CorpusFormat, corpusFormat } from "./corpus/corpus-format.js";
import { openModel } from "./folder.js";
import { findInRoots } from "./paths/list-roots.js";

/** What a client sees of a folder that cannot be opened. */
export interface ListedProblem {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** One line of the list of models. */
export type ListedModel =
  | {
      readonly name: string;
      readonly family: FamilyName;
      readonly parameters: number;
      readonly sizeBytes: number;
      /** Prunable units: KV groups and MLP channels, or experts, of all layers. */
      readonly units: number;
    }
  | { readonly name: string; readonly error: ListedProblem };

/** One line of the list of corpora. */
export interface ListedCorpus {
  readonly name: string;
  readonly format: CorpusFormat;
  readonly sizeBytes: number;
}

/** The models below the roots, by name. A broken folder is listed with its error; nothing is thrown for it. */
export async function listModels(roots: readonly string[]): Promise<readonly ListedModel[]> {
  const models: ListedModel[] = [];
  for (const { name, path } of await findInRoots(roots, "model")) models.push(await listedModel(name, path, roots));
  return models;
}

/** A folder as the list has it; links inside it may lead to `linkRoots`. */
export async function listedModel(name: string, path: string, linkRoots: readonly string[]): Promise<ListedModel> {
  try {
    const { config, parameters, sizeBytes } = await openModel(path, { linkRoots });
    const units = config.shape.layers.reduce((sum, layer) => sum + layer.kvHeads + mlpUnits(layer), 0);
    return { name, family: config.family, parameters, sizeBytes, units };
  } catch (error) {
    if (error instanceof AppError) return { name, error: { code: error.code, detail: error.message } };
    return { name, error: { code: "MODEL_NOT_FOUND", detail: "The folder cannot be read." } };
  }
}

/** The corpora below the roots, by name. */
export async function listCorpora(roots: readonly string[]): Promise<readonly ListedCorpus[]> {
  const corpora: ListedCorpus[] = [];
  for (const { name, path } of await findInRoots(roots, "corpus")) {
    const format = corpusFormat(path);
    const stats = await stat(path).catch(() => undefined);
    if (format !== undefined && stats !== undefined) corpora.push({ name, format, sizeBytes: stats.size });
  }
  return corpora;
}
