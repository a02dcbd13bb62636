import { openFileStore } from "./file-store.js";
import type { WorkerFiles } from "./object-store.js";
import type { S3Settings } from "./s3/s3-settings.js";

export interface FilesOptions {
  /** Without `s3` shared by API and workers; with it this machine's own. */
  readonly dataDir: string;
  readonly s3?: S3Settings | undefined;
}

/** Opens the files of jobs: in a folder, or in an S3-compatible store, whose client is loaded only then. */
export async function openFiles({ dataDir, s3 }: FilesOptions): Promise<WorkerFiles> {
  if (s3 === undefined) return openFileStore(dataDir);
  const { openS3Store } = await import("./s3/s3-store.js");
  return openS3Store(dataDir, s3);
}
