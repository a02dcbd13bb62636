import { randomUUID } from "node:crypto";
import { createReadStream, realpathSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join, normalize, posix, resolve, sep } from "node:path";
import { AppError, type JobId, jobId as jobIdSchema } from "@espalier/contracts";
import type { ByteRange, FileStore, OpenedObject } from "./object-store.js";

/** Opens the object store below `dataDir`; folders are made by whoever writes. */
export function openFileStore(dataDir: string): FileStore {
  const root = resolve(dataDir);
  const artifacts = join(root, "artifacts");
  const statistics = join(root, "statistics");
  const artifactDir = (id: JobId) => join(artifacts, jobIdSchema.parse(id));

  function artifactPath(id: JobId, name: string): string {
    const folder = artifactDir(id);
    const path = join(folder, normalize(name));
    const isInside = path.startsWith(folder + sep);
    if (!isInside || name.includes("\0") || name.includes("\\") || posix.isAbsolute(name)) throw notFound(id, name);
    return path;
  }

  async function openRead(id: JobId, name: string, range?: ByteRange): Promise<OpenedObject> {
    const path = artifactPath(id, name);
    const file = await stat(path).catch(() => undefined);
    if (!file?.isFile() || !isBelow(artifactDir(id), path)) throw notFound(id, name);
    if (range && (range.start < 0 || range.start > range.end || range.end >= file.size)) {
      throw new AppError(
        "RANGE_NOT_SATISFIABLE",
        `Bytes ${range.start} to ${range.end} were asked of '${name}', which has ${file.size}.`,
      );
    }
    return { sizeBytes: file.size, stream: createReadStream(path, range) };
  }

  async function removeJob(id: JobId): Promise<void> {
    await rm(artifactDir(id), { recursive: true, force: true });
    // What an export that was killed left: its folders begin with a dot and the target's name.
    await removeNamed(artifacts, (name) => name.startsWith(`.${id}.`));
  }

  async function setAsideStatistics(key: string): Promise<void> {
    if (!STATISTICS_KEY.test(key)) throw new RangeError(`not a key of statistics: '${key}'`);
    const aside = join(statistics, `${SET_ASIDE}${randomUUID()}`);
    await rename(join(statistics, key), aside).catch(ignoreMissing);
  }

  const removeSetAside = (): Promise<void> => removeNamed(statistics, (name) => name.startsWith(SET_ASIDE));

  return { artifactDir, artifactPath, openRead, removeJob, setAsideStatistics, removeSetAside };
}

const STATISTICS_KEY = /^[0-9a-f]{64}$/;
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

const notFound = (id: JobId, name: string) =>
  new AppError(
    "ARTIFACT_NOT_FOUND",
    `Job '${id}' has no artefact '${name}'. List them with GET /v1/jobs/${id}/artifacts.`,
  );
