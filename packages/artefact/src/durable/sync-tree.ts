import { open, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Brings a folder to the disk: its files, the folders below it, and at last its own list of names. */
export async function syncTree(folder: string, { deep }: { readonly deep: boolean } = { deep: true }): Promise<void> {
  if (deep) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncTree(path);
      else await syncPath(path);
    }
  }
  await syncPath(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
