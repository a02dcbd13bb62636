import { access } from "node:fs/promises";
import { join } from "node:path";
import type { ComparedFile } from "@espalier/contracts";
import { documentFiles } from "../documents/document-files.js";
import { type ArtefactFile, fileSha256 } from "../durable/checksums.js";
import { compareHashes } from "./compare-hashes.js";

/** The model's files as they were made, beside the recipe's hashes of them. */
export function compareFiles(
  recipe: Readonly<Record<string, string>>,
  made: readonly ArtefactFile[],
): readonly ComparedFile[] {
  const model = made.filter(({ name }) => !documentFiles.includes(name));
  return compareHashes(recipe, Object.fromEntries(model.map(({ name, sha256 }) => [name, sha256])));
}

/** The documents that were made beside those in the recipe's folder; a missing one has no hash. */
export async function compareDocuments(
  folder: string,
  made: readonly ArtefactFile[],
): Promise<readonly ComparedFile[]> {
  const compared: ComparedFile[] = [];
  for (const name of documentFiles) {
    const here = made.find((file) => file.name === name)?.sha256 ?? null;
    compared.push({ name, recipe: await hashIfThere(join(folder, name)), here });
  }
  return compared;
}

const hashIfThere = (path: string): Promise<string | null> =>
  access(path).then(
    () => fileSha256(path),
    () => null,
  );
