import { createReadStream, realpathSync } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join, normalize, posix, resolve, sep } from "node:path";
import { AppError, type JobId, jobId as jobIdSchema } from "@espalier/contracts";
import type { ByteRange, FileStore, OpenedObject } from "./object-store.js";

/** Opens the object store below `dataDir`; folders are made by whoever writes. */
export function openFileStore(dataDir: string): FileStore {
  const root = resolve(dataDir);
  const jobFolder = (kind: string, id: JobId) => join(root, kind, jobIdSchema.parse(id));
  const artifactDir = (id: JobId) => jobFolder("artifacts", id);
  const statisticsDir = (id: JobId) => jobFolder("statistics", id);

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
    await rm(statisticsDir(id), { recursive: true, force: true });
  }

  return { artifactDir, artifactPath, statisticsDir, openRead, removeJob };
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
