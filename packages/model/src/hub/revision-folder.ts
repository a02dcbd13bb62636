import { randomBytes } from "node:crypto";
import { copyFile, link, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "../files/regular-file.js";

/** A file of a folder and where its content is. */
export interface Placed {
  readonly name: string;
  readonly content: string;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/**
 * Makes a folder of files that are whole: it appears in one rename. Content is linked, not copied, where the file system
 * can. `more` may add files of its own. A folder that another process made meanwhile is left as it is.
 */
export async function publishFolder(
  target: string,
  files: readonly Placed[],
  more: (staging: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const staging = join(dirname(target), `.${randomBytes(6).toString("hex")}.staging`);
  await mkdir(staging, { recursive: true });
  try {
    for (const { name, content } of files) await place(content, join(staging, name));
    await more(staging);
    await rename(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    const code = systemCode(error);
    const wasThere = code === "ENOTEMPTY" || code === "EEXIST" || code === "EPERM";
    if (!(wasThere && (await isFolder(target)))) throw error;
  }
}

/** File systems without hard links get a copy. */
async function place(content: string, path: string): Promise<void> {
  await link(content, path).catch(async (error: unknown) => {
    if (systemCode(error) === "ENOENT") throw error;
    await copyFile(content, path);
  });
}
