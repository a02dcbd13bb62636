import { rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type JobId, jobId as jobIdSchema } from "@espalier/contracts";
import type { ArtifactFile } from "@espalier/pipeline";
import { openFileStore } from "../file-store.js";
import type { ByteRange, OpenedObject, WorkerFiles } from "../object-store.js";
import { artifactNotFound, checkRange, checkStatisticsKey } from "../refusals.js";
import { openBucket } from "./bucket.js";
import type { S3Settings } from "./s3-settings.js";
import { openStatisticsArchive } from "./statistics-archive.js";

/** The key names the content, so that whatever is written late, or by another version, changes no file that a row lists. */
const artifactKey = (id: JobId, { name, sha256 }: ArtifactFile): string => `${jobPrefix(id)}${sha256}/${name}`;
const jobPrefix = (id: JobId): string => `artifacts/${jobIdSchema.parse(id)}/`;

/** Files of jobs in a bucket. `dataDir` is this machine's own: exports in the making, and a cache of statistics. Throws ConfigurationError when the store refuses us. */
export async function openS3Store(dataDir: string, settings: S3Settings): Promise<WorkerFiles> {
  const local = openFileStore(dataDir);
  const bucket = openBucket(settings);
  await bucket.check();
  const archive = openStatisticsArchive(bucket);
  const statisticsDir = (key: string): string => {
    checkStatisticsKey(key);
    return join(resolve(dataDir), "statistics", key);
  };

  async function openRead(id: JobId, file: ArtifactFile, range?: ByteRange): Promise<OpenedObject> {
    checkRange(file.name, file.sizeBytes, range);
    const stream = await bucket.open(artifactKey(id, file), range);
    if (stream === undefined) throw artifactNotFound(id, file.name);
    return { sizeBytes: file.sizeBytes, stream };
  }

  async function keepArtifacts(id: JobId, files: readonly ArtifactFile[], signal?: AbortSignal): Promise<void> {
    for (const file of files) {
      signal?.throwIfAborted();
      const key = artifactKey(id, file);
      // An attempt that was killed may have sent it.
      if (await bucket.has(key, signal)) continue;
      await bucket.upload(key, { path: local.artifactPath(id, file.name), ...file }, signal);
    }
    await dropFiles(files.map(({ name }) => local.artifactPath(id, name)));
    await rmdir(local.artifactDir(id)).catch(() => undefined); // gone with the last folder of the first export
  }

  async function removeJob(id: JobId): Promise<void> {
    await local.removeJob(id);
    await bucket.abortUploads(jobPrefix(id));
    for await (const key of bucket.list(jobPrefix(id))) await bucket.remove(key);
  }

  // One download at a time per key: the compute processes of a worker miss the same statistics together.
  const fetching = new Map<string, Promise<void>>();
  function fetchStatistics(key: string, signal?: AbortSignal): Promise<void> {
    const running = fetching.get(key) ?? archive.fetch(key, statisticsDir(key), signal);
    fetching.set(key, running);
    return running.finally(() => fetching.delete(key));
  }

  return {
    ...local,
    openRead,
    ping: bucket.ping,
    close: async () => bucket.close(),
    keepArtifacts,
    keepStatistics: (key, signal) => archive.keep(key, statisticsDir(key), signal),
    fetchStatistics,
    removeJob,
    setAsideStatistics: async (key) => {
      checkStatisticsKey(key);
      await archive.setAside(key);
      await local.setAsideStatistics(key);
    },
    removeSetAside: async () => {
      await local.removeSetAside();
      await archive.removeSetAside();
    },
  };
}

/** Removes files and their folders; folders above stay, since somebody may be about to write beside them. */
async function dropFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
  for (const folder of new Set(paths.map((path) => dirname(path)))) await rmdir(folder).catch(() => undefined);
}
