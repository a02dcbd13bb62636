import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncTree } from "./sync-tree.js";

/** A folder in the making, beside the place where it will appear. */
export interface StagingFolder {
  readonly path: string;
  /** Brings everything to the disk and makes it visible under the target's name in one rename. */
  publish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

const partialPrefix = (target: string): string => `.${basename(target)}.partial-`;
const replacedPrefix = (target: string): string => `.${basename(target)}.replaced-`;

/** The number of the attempt that made a partial folder. */
const attemptOf = (name: string, target: string): number =>
  Number.parseInt(name.slice(partialPrefix(target).length), 10);

/**
 * Opens a staging folder for `target`. What earlier attempts left beside it is removed first. An attempt that was suspended
 * before it came here may meet the folder of a later one, which holds the lease now: then this one ends with an error and
 * touches nothing.
 */
export async function openStagingFolder(target: string, attempt: number): Promise<StagingFolder> {
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await removeLeftovers(target, attempt);
  const path = await mkdtemp(join(parent, `${partialPrefix(target)}${attempt}-`));
  return {
    path,
    publish: async () => {
      await syncTree(path);
      await replaceFolder(path, target);
      await syncTree(parent, { deep: false });
    },
    discard: () => rm(path, { recursive: true, force: true }),
  };
}

async function removeLeftovers(target: string, attempt: number): Promise<void> {
  const parent = dirname(target);
  const names = await readdir(parent);
  const partial = names.filter((name) => name.startsWith(partialPrefix(target)));
  const later = partial.find((name) => attemptOf(name, target) > attempt);
  if (later !== undefined) throw new Error(`attempt ${attempt} is over: a later one writes ${later}`);
  // Killed between the two renames of a replacement: the old folder is the only complete one, so it goes back.
  const replaced = names.filter((name) => name.startsWith(replacedPrefix(target))).sort();
  if (replaced[0] !== undefined && !(await exists(target))) await rename(join(parent, replaced[0]), target);
  for (const name of [...partial, ...replaced]) await rm(join(parent, name), { recursive: true, force: true });
}

/** A folder cannot be renamed over one that has files, so an older result steps aside first. */
async function replaceFolder(path: string, target: string): Promise<void> {
  if (!(await exists(target))) return rename(path, target);
  const aside = await mkdtemp(join(dirname(target), replacedPrefix(target)));
  await rename(target, aside);
  await rename(path, target);
  await rm(aside, { recursive: true, force: true });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
