import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ArtifactView } from "@espalier/contracts";
import { CliError, exitCodes } from "../cli-error.js";
import type { ApiClient } from "./api-client.js";

/** Every folder that Espalier writes holds this file; a folder without it is somebody else's and is not replaced. */
const OWN_MARK = "SHA256SUMS";

/** Downloads all files of a finished job into `directory`, checks their SHA-256, and moves them in place at the end. */
export async function pullArtefact(client: ApiClient, id: string, directory: string): Promise<readonly ArtifactView[]> {
  const files = await client.artifacts(id);
  const target = resolve(directory);
  const tops = [...new Set(files.map(({ name }) => name.split("/")[0] ?? name))];
  await mkdir(target, { recursive: true });
  for (const top of tops) await refuseForeign(join(target, top));
  const staging = await mkdtemp(join(target, ".espalier-"));
  try {
    for (const file of files) await download(client, id, file, join(staging, file.name));
    for (const top of tops) {
      await rm(join(target, top), { recursive: true, force: true });
      await rename(join(staging, top), join(target, top));
    }
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return files;
}

async function refuseForeign(path: string): Promise<void> {
  if (!existsSync(path) || !(await stat(path)).isDirectory()) return;
  const found = await readdir(path, { recursive: true });
  if (found.length === 0 || found.some((name) => name.endsWith(OWN_MARK))) return;
  throw new CliError(`'${path}' exists and was not written by Espalier. Name another folder.`, exitCodes.badInput);
}

async function download(client: ApiClient, id: string, file: ArtifactView, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash("sha256");
  const tap = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(await client.artifact(id, file.name), tap, createWriteStream(path));
  const found = hash.digest("hex");
  if (found !== file.sha256) {
    throw new CliError(
      `'${file.name}' arrived damaged: SHA-256 ${found}, expected ${file.sha256}. Try again.`,
      exitCodes.unreachable,
    );
  }
}
