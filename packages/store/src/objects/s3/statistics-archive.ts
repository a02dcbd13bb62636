import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Bucket } from "./bucket.js";

/** One file of a profile. */
interface Entry {
  readonly name: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Statistics of all machines in a bucket: the files of a profile, and last of all the list of them, which makes them one. */
export interface StatisticsArchive {
  keep(key: string, folder: string, signal?: AbortSignal): Promise<void>;
  /** Fills the folder; does nothing where there is no list. What is damaged is taken out of the list's sight. */
  fetch(key: string, folder: string, signal?: AbortSignal): Promise<void>;
  /** Takes the list away, which is quick, and notes that the files are to go. */
  setAside(key: string): Promise<void>;
  removeSetAside(): Promise<void>;
}

/** Written last by who computes a profile: a folder of this machine with it is complete. */
const MANIFEST = "manifest.json";
/** Ends the names of files in the making, here as in the folders of profiles. */
const TEMPORARY = ".tmp";

const filesOf = (key: string): string => `statistics/${key}/`;
const listOf = (key: string): string => `statistics/${key}.json`;
const REMOVED = "removed-statistics/";

export function openStatisticsArchive(bucket: Bucket): StatisticsArchive {
  async function keep(key: string, folder: string, signal?: AbortSignal): Promise<void> {
    if (await bucket.has(listOf(key), signal)) return;
    const files: Entry[] = [];
    for (const name of await namesIn(folder)) {
      signal?.throwIfAborted();
      const file = await describe(folder, name);
      await bucket.upload(filesOf(key) + name, { path: join(folder, name), ...file }, signal);
      files.push({ name, ...file });
    }
    await bucket.put(listOf(key), Buffer.from(JSON.stringify(files)), signal);
  }

  async function fetch(key: string, folder: string, signal?: AbortSignal): Promise<void> {
    const list = await bucket.open(listOf(key), undefined, signal);
    if (list === undefined) return;
    try {
      const files = readList(key, (await buffer(list)).toString("utf8"));
      const manifestLast = [...files].sort((a, b) => Number(a.name === MANIFEST) - Number(b.name === MANIFEST));
      for (const file of manifestLast) await fetchFile(key, folder, file, signal);
    } catch (error) {
      // Files that went while they were listed, as a removal that another upload overtook leaves them.
      if (error instanceof DamagedError) await bucket.remove(listOf(key));
      throw error;
    }
  }

  async function fetchFile(key: string, folder: string, file: Entry, signal?: AbortSignal): Promise<void> {
    const path = join(folder, file.name);
    const content = await bucket.open(filesOf(key) + file.name, undefined, signal);
    if (content === undefined) throw new DamagedError(`kept statistics '${key}' lack '${file.name}'`);
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
    try {
      const hash = createHash("sha256");
      content.on("data", (chunk: Uint8Array) => hash.update(chunk));
      await pipeline(content, createWriteStream(temporary, { flush: true }), signal === undefined ? {} : { signal });
      if (hash.digest("hex") !== file.sha256) throw new DamagedError(`'${file.name}' of '${key}' is damaged`);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async function setAside(key: string): Promise<void> {
    await bucket.put(REMOVED + key, new Uint8Array());
    await bucket.remove(listOf(key));
  }

  async function removeSetAside(): Promise<void> {
    for await (const note of bucket.list(REMOVED)) {
      const key = note.slice(REMOVED.length);
      // A list that is there again: another job has kept the same statistics since.
      const isKept = await bucket.has(listOf(key));
      if (!isKept) for await (const name of bucket.list(filesOf(key))) await bucket.remove(name);
      await bucket.abortUploads(filesOf(key));
      await bucket.remove(note);
    }
  }

  return { keep, fetch, setAside, removeSetAside };
}

/** What was kept is not what was listed. */
class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/** Names of files below a folder, none of which leaves it. */
const INSIDE = /^(?!.*\.\.)\w[\w./-]{0,1023}$/;

function readList(key: string, text: string): readonly Entry[] {
  try {
    const files = JSON.parse(text) as readonly Entry[]; // its names are checked here, its content by the hashes
    if (files.every(({ name }) => INSIDE.test(name))) return files;
  } catch {
    // No list at all: damaged too.
  }
  throw new DamagedError(`the list of kept statistics '${key}' cannot be read`);
}

/** Complete files below a folder, with forward slashes. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(TEMPORARY))
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    );
}

async function describe(folder: string, name: string): Promise<Omit<Entry, "name">> {
  const path = join(folder, name);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return { sizeBytes: (await stat(path)).size, sha256: hash.digest("hex") };
}
