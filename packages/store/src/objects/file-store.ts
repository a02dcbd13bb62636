import { randomUUID } from "node:crypto";
import { createReadStream, realpathSync } from "node:fs";
import { access, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join, normalize, posix, resolve, sep } from "node:path";
import { AppError, type JobId, jobId as jobIdSchema } from "@espalier/contracts";
import type { ArtifactFile } from "@espalier/pipeline";
import type { ByteRange, OpenedObject, WorkerFiles } from "./object-store.js";
import { artifactNotFound, checkRange, checkStatisticsKey } from "./refusals.js";

/** Opens the object store below `dataDir`; folders are made by whoever writes. */
export function openFileStore(dataDir: string): WorkerFiles {
  const root = resolve(dataDir);
  const artifacts = join(root, "artifacts");
  const statistics = join(root, "statistics");
  const artifactDir = (id: JobId) => join(artifacts, jobIdSchema.parse(id));
  // Beside the first export: a late worker that writes that one again must not take these away.
  const exportsDir = (id: JobId) => `${artifactDir(id)}${LATER}`;
  const exportDir = (id: JobId, name: string) => join(exportsDir(id), name);
  const folderOf = (id: JobId, name: string) => (/^trial-\d+\//.test(name) ? exportsDir(id) : artifactDir(id));

  function artifactPath(id: JobId, name: string): string {
    const folder = folderOf(id, name);
    const path = join(folder, normalize(name));
    const isInside = path.startsWith(folder + sep);
    if (!isInside || name.includes("\0") || name.includes("\\") || posix.isAbsolute(name))
      throw artifactNotFound(id, name);
    return path;
  }

  async function openRead(id: JobId, { name }: ArtifactFile, range?: ByteRange): Promise<OpenedObject> {
    const path = artifactPath(id, name);
    const file = await stat(path).catch(() => undefined);
    if (!file?.isFile() || !isBelow(folderOf(id, name), path)) throw artifactNotFound(id, name);
    checkRange(name, file.size, range);
    return { sizeBytes: file.size, stream: createReadStream(path, range) };
  }

  async function removeJob(id: JobId): Promise<void> {
    await rm(artifactDir(id), { recursive: true, force: true });
    await rm(exportsDir(id), { recursive: true, force: true });
    // What an export that was killed left: its folders begin with a dot and the target's name.
    await removeNamed(artifacts, (name) => name.startsWith(`.${id}.`));
  }

  async function setAsideStatistics(key: string): Promise<void> {
    checkStatisticsKey(key);
    const aside = join(statistics, `${SET_ASIDE}${randomUUID()}`);
    await rename(join(statistics, key), aside).catch(ignoreMissing);
  }

  const removeSetAside = (): Promise<void> => removeNamed(statistics, (name) => name.startsWith(SET_ASIDE));

  async function ping(): Promise<void> {
    await mkdir(root, { recursive: true }).catch(() => undefined); // only a worker needs the right to
    await access(root).catch(() => {
      throw new AppError("SERVICE_UNAVAILABLE", "The data folder (ESPALIER_DATA_DIR) cannot be read.");
    });
  }

  return {
    artifactDir,
    exportDir,
    artifactPath,
    openRead,
    ping,
    close: async () => undefined,
    // What lies in the folder is kept: whoever reads shares it.
    keepArtifacts: async () => undefined,
    keepStatistics: async () => undefined,
    fetchStatistics: async () => undefined,
    removeJob,
    setAsideStatistics,
    removeSetAside,
  };
}

/** Behind the job's id: the folder of exports that were asked for after the search. */
const LATER = ".exports";
const SET_ASIDE = ".removed-";

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

async function removeNamed(folder: string, isMeant: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch((error) => ignoreMissing(error) ?? []);
  for (const name of names.filter(isMeant)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Follows links: a link planted in an artefact must not lead out of it. */
function isBelow(folder: string, path: string): boolean {
  return realpathSync(path).startsWith(realpathSync(folder) + sep);
}
