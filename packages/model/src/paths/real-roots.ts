import { realpath } from "node:fs/promises";

/** The real paths of the folders that exist; configured roots may be made later, so a missing one is passed over. */
export async function realRoots(roots: readonly string[]): Promise<readonly string[]> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  return real.filter((root) => root !== undefined);
}
