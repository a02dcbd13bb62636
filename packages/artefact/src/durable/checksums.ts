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

/** Lines as `sha256sum --check` reads them. */
const checksumLines = (files: readonly Pick<ArtefactFile, "name" | "sha256">[]): string =>
  files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");

/** One SHA-256 (hex) for a set of files: that of their lines in SHA256SUMS, by name. */
export const jointSha256 = (files: readonly Pick<ArtefactFile, "name" | "sha256">[]): string =>
  createHash("sha256")
    .update(checksumLines([...files].sort(byName)))
    .digest("hex");

/**
 * Writes SHA256SUMS over every file of the folder, in the form `sha256sum --check` reads; returns all files by name. Those
 * in `known` are complete and are not read again.
 */
export async function writeChecksums(folder: string, known: readonly ArtefactFile[]): Promise<readonly ArtefactFile[]> {
  const files = await describeFiles(folder, known);
  await writeFile(join(folder, CHECKSUM_FILE), checksumLines(files));
  return [...files, await describe(folder, CHECKSUM_FILE)].sort(byName);
}

/** The files of a folder and of those below it by name, without SHA256SUMS; those in `known` are not read again. */
export async function describeFiles(
  folder: string,
  known: readonly ArtefactFile[] = [],
): Promise<readonly ArtefactFile[]> {
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
  for (const name of names) files.push(known.find((file) => file.name === name) ?? (await describe(folder, name)));
  return files.sort(byName);
}

async function describe(folder: string, name: string): Promise<ArtefactFile> {
  const path = join(folder, name);
  return { name, sizeBytes: (await stat(path)).size, sha256: await fileSha256(path) };
}

// By code unit, not by locale: the order must be the same on every machine.
const byName = (a: Pick<ArtefactFile, "name">, b: Pick<ArtefactFile, "name">): number => (a.name < b.name ? -1 : 1);
