import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [path, dev, ino, size, mtimeNs, ctimeNs].join(":");
}

/** Changes whenever a file, or a file directly inside a folder, is replaced or written to. */
export async function fileIdentity(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory()) return identityOf(path);
  const names = (await readdir(path)).sort();
  const inside = await Promise.all(names.map((name) => identityOf(join(path, name)).catch(() => `${name}:gone`)));
  return [await identityOf(path), ...inside].join("|");
}
