import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

const TEMPORARY = ".tmp";

/**
 * Makes a file appear whole or not at all: `write` fills a temporary name in the same folder, which is synced and
 * renamed over `path`, and the folder is synced. Two processes may do this at once with the same content.
 */
export async function writeAtomically(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${process.pid}${TEMPORARY}`;
  try {
    await write(temporary);
    await sync(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await sync(dirname(path));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what killed writers left in a folder. Only for a folder whose content is complete. */
export async function removeTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  await Promise.all(names.filter((n) => n.endsWith(TEMPORARY)).map((n) => rm(join(folder, n), { force: true })));
}

/** True when a path exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
