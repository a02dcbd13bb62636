import { constants } from "node:fs";
import { copyFile, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { AppError } from "@espalier/contracts";
import { companionFiles, isLicence } from "@espalier/model";

/** Names of the source folder's files that every export carries on unchanged, in code-unit order. */
export async function carriedFiles(source: string): Promise<readonly string[]> {
  const names = await readdir(source);
  return names.filter((name) => companionFiles.has(name) || isLicence(name)).sort();
}

/** Copies named files byte for byte. Throws AppError PATH_OUTSIDE_ROOTS, as `carriedPath` does. */
export async function copyCarriedFiles(
  source: string,
  target: string,
  names: readonly string[],
  linkRoots: readonly string[],
): Promise<void> {
  for (const name of names) {
    await copyFile(await carriedPath(source, name, linkRoots), join(target, name), constants.COPYFILE_EXCL);
  }
}

/**
 * The real path of one of the model's files. A link may lead into `linkRoots` only, so that a model's folder cannot pull
 * other files of this machine into an artefact. Throws AppError PATH_OUTSIDE_ROOTS.
 */
export async function carriedPath(source: string, name: string, linkRoots: readonly string[]): Promise<string> {
  const roots = [source, ...(await Promise.all(linkRoots.map((root) => realpath(root))))];
  const path = await realpath(join(source, name));
  const regular = (await stat(path)).isFile();
  if (!regular || !roots.some((root) => isInside(root, path))) {
    throw new AppError(
      "PATH_OUTSIDE_ROOTS",
      `'${name}' of the model's folder is no regular file inside the model roots. Put the file itself in its place.`,
    );
  }
  return path;
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`);
}
