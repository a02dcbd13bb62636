import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import type { JobSpec } from "@espalier/contracts";
import { type ModelFolder, modelHash, tokenizerHash } from "@espalier/model";
import type { CorpusPaths } from "@espalier/pruning";
import { placeless } from "./documents/placeless.js";
import type { InputHashes } from "./documents/recipe.js";
import { fileSha256 } from "./durable/checksums.js";
import { carriedFiles, carriedPath } from "./folder/copied-files.js";

const WEIGHTS = ".safetensors";

/** What an artefact is made from; every path is absolute. */
export interface ArtefactInputs {
  readonly model: Pick<ModelFolder, "path" | "config" | "tensors">;
  readonly spec: Pick<JobSpec, "calibration" | "scoring" | "report">;
  readonly corpusPaths: CorpusPaths;
  readonly linkRoots: readonly string[];
}

/** Hashes of the model, the tokenizer, the files of both, and every corpus file of a job by the name that the job gives it. */
export async function inputHashes({ model, spec, corpusPaths, linkRoots }: ArtefactInputs): Promise<InputHashes> {
  const corpora = new Map([
    [placeless(spec.calibration.corpus), corpusPaths.calibration],
    ...spec.scoring.map(({ corpus }, i) => [placeless(corpus), corpusPaths.scoring[i]] as const),
    [placeless(spec.report.corpus), corpusPaths.report],
  ]);
  return {
    model: await modelHash(model),
    tokenizer: await tokenizerHash(model.path),
    files: await hashesOf(await sourceFiles(model, linkRoots)),
    corpora: await hashesOf(corpora),
  };
}

/** The files of the model's folder that a result is made from, by name: config, weights, and those that are carried on. */
async function sourceFiles(
  { path, tensors }: ArtefactInputs["model"],
  linkRoots: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const name of ["config.json", ...(await carriedFiles(path))]) {
    files.set(name, await carriedPath(path, name, linkRoots));
  }
  // In a download's cache the weights are links to files of other names: a recipe needs those of the folder.
  const used = new Set([...tensors.values()].map((tensor) => tensor.path));
  for (const name of await readdir(path)) {
    const real = name.endsWith(WEIGHTS) ? await realpath(join(path, name)).catch(() => undefined) : undefined;
    if (real !== undefined && used.has(real)) files.set(name, real);
  }
  return files;
}

async function hashesOf(files: ReadonlyMap<string, string>): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, path] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) hashes[name] = await fileSha256(path);
  return hashes;
}
