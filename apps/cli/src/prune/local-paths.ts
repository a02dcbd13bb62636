import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { CliError, exitCodes } from "../cli-error.js";

/** Folders that the service may read, and the name of each path below them. */
export interface LocalPaths {
  readonly roots: readonly string[];
  /** What the job calls the path: its last part, so that recipes carry no path of this machine. */
  readonly name: (path: string) => string;
}

/** The parents of `paths` as roots. Throws when a path is missing, or when two would get one name. */
export function localPaths(kind: string, paths: readonly string[]): LocalPaths {
  const byName = new Map<string, string>();
  for (const path of paths.map((p) => resolve(p))) {
    if (!existsSync(path)) throw new CliError(`The ${kind} '${path}' does not exist.`, exitCodes.badInput);
    const other = byName.get(basename(path));
    if (other !== undefined && other !== path) {
      throw new CliError(`'${path}' and '${other}' have the same file name. Rename one.`, exitCodes.badInput);
    }
    byName.set(basename(path), path);
  }
  return {
    roots: [...new Set([...byName.values()].map((path) => dirname(path)))],
    name: (path) => basename(resolve(path)),
  };
}
