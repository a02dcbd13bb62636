import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One file of an artefact; `name` is its path inside the artefact, with forward slashes. */
export interface ArtefactFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
}

export const CHECKSUM_FILE = "SHA256SUMS";

/** SHA-256 (hex) of a file, read as a stream. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** Writes SHA256SUMS over every file of the folder, in the form `sha256sum --check` reads; returns all files by name. */
export async function writeChecksums(folder: string): Promise<readonly ArtefactFile[]> {
  const files = await listFiles(folder);
  const sums = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
  await writeFile(join(folder, CHECKSUM_FILE), sums);
  return [...files, await describe(folder, CHECKSUM_FILE)].sort(byName);
}

async function listFiles(folder: string): Promise<readonly ArtefactFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((name) => name !== CHECKSUM_FILE);
  const files: ArtefactFile[] = [];
  for (const name of names) files.push(await describe(folder, name));
  return files.sort(byName);
}

async function describe(folder: string, name: string): Promise<ArtefactFile> {
  const path = join(folder, name);
  return { name, sizeBytes: (await stat(path)).size, sha256: await fileSha256(path) };
}

// By code unit, not by locale: the order must be the same on every machine.
const byName = (a: ArtefactFile, b: ArtefactFile): number => (a.name < b.name ? -1 : 1);
