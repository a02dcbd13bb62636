import { join } from "node:path";
import { hubModel } from "@espalier/contracts";

const COMMIT = /^[0-9a-f]{40}$/;

/** Whether a revision is a commit: it names the same files for ever. */
export const isCommit = (revision: string): boolean => COMMIT.test(revision);

/** Folder of all that is kept of a model: `org--name`, from which `hubIdOf` finds back, as ids have no `--` themselves. */
export const repositoryDir = (hubDir: string, id: string): string =>
  join(hubDir, hubModel.parse(id).replace("/", "--"));

/**
 * Folder of one revision of a model, complete as soon as it exists. `commit` must be one: a branch moves.
 * Throws RangeError.
 */
export function hubFolder(hubDir: string, id: string, commit: string): string {
  if (!isCommit(commit)) throw new RangeError(`'${commit}' is not a commit; resolve the revision first`);
  return join(repositoryDir(hubDir, id), commit);
}

/** The id of a repository's folder; undefined for a folder of another kind. */
export function hubIdOf(folderName: string): string | undefined {
  const id = folderName.replace("--", "/");
  return hubModel.safeParse(id).success ? id : undefined;
}
