import { readFile, writeFile } from "node:fs/promises";
import { writeAtomically } from "./atomic-file.js";
import { PROFILE_PROTOCOL } from "./profile-key.js";
import type { StatisticGroups } from "./tensors.js";

/** Written last: a folder with a manifest is complete. */
export const MANIFEST_FILE = "manifest.json";

/** Samples of one cluster whose statistics lie in one file. */
export interface ShardEntry {
  readonly file: string;
  readonly cluster: number;
  readonly samples: readonly number[];
}

/** What a stored profile holds. */
export interface Manifest {
  readonly protocol: number;
  readonly key: string;
  readonly sequenceLength: number;
  readonly groups: StatisticGroups;
  readonly gradientGroups: "clusters" | "samples";
  /** Cluster of each sample. */
  readonly clusters: readonly number[];
  readonly shards: readonly ShardEntry[];
}

export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  await writeAtomically(path, (temporary) => writeFile(temporary, `${JSON.stringify(manifest)}\n`));
}

/** Reads a manifest; undefined when there is none, or one that this version did not write for that key. */
export async function readManifest(path: string, key: string): Promise<Manifest | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const manifest = JSON.parse(text) as Manifest; // our own file, content-addressed by the key checked below
    return manifest.protocol === PROFILE_PROTOCOL && manifest.key === key ? manifest : undefined;
  } catch {
    return undefined;
  }
}
