import { isAbsolute, relative } from "node:path";
import type { ModelSource } from "@espalier/contracts";
import { type ResolvedPath, resolveInsideRoots } from "@espalier/model";
import type { FoundOnHub } from "./messages.js";
import { pointed } from "./pointed.js";

/** A job's model: its folder, and what the job remembers of it. */
export interface FoundModel {
  readonly folder: ResolvedPath;
  /** A path below its root, or a commit. */
  readonly named: ModelSource;
}

/** Finds a model below the roots; one of a hub was found before. Throws PATH_OUTSIDE_ROOTS or MODEL_NOT_FOUND at `/model/path`. */
export async function findModel(
  source: ModelSource,
  onHub: FoundOnHub | undefined,
  roots: readonly string[],
): Promise<FoundModel> {
  if ("hub" in source) {
    if (onHub === undefined) throw new RangeError(`nobody looked for '${source.hub}' on the hub`);
    return { folder: { path: onHub.path, root: onHub.path }, named: { hub: source.hub, revision: onHub.commit } };
  }
  const { path: given } = source;
  const folder = await pointed("/model/path", () => resolveInsideRoots(roots, given, "model"));
  return { folder, named: { path: isAbsolute(given) ? relative(folder.root, folder.path) : given } };
}
