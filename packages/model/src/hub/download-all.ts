import { blobPath, downloadBlob } from "./download-blob.js";
import type { HubFile, HubRevision } from "./revision.js";
import type { HubProgress, HubSettings } from "./settings.js";

/** Files at once: one connection rarely fills a fast line, many would crowd the hub. */
const AT_ONCE = 3;

export interface DownloadRequest {
  readonly settings: HubSettings;
  readonly revision: HubRevision;
  readonly files: readonly HubFile[];
  readonly blobDir: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: HubProgress) => void) | undefined;
}

/** Downloads what is not there yet; the first failure ends the others, and what they have is kept. */
export async function downloadAll(request: DownloadRequest): Promise<void> {
  const { files, onProgress } = request;
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const bytesOf = new Map<string, number>();
  let doneBytes = 0;
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { name } = file;
      const onBytes = (bytes: number): void => {
        doneBytes += bytes - (bytesOf.get(name) ?? 0);
        bytesOf.set(name, bytes);
        onProgress?.({ doneBytes, totalBytes });
      };
      await downloadBlob({ ...request, file, signal, onBytes });
    }
  };
  const workers = Array.from({ length: AT_ONCE }, () =>
    work().catch((error: unknown) => {
      // Of several failures the first is told: the others are its consequence.
      if (!failed.signal.aborted) failed.abort(error);
      throw failed.signal.reason;
    }),
  );
  const ends = await Promise.allSettled(workers);
  request.signal?.throwIfAborted();
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** Bytes of files that are not here whole. */
export async function missingFiles(
  blobDir: string,
  files: readonly HubFile[],
  has: (path: string) => Promise<boolean>,
): Promise<readonly HubFile[]> {
  const missing: HubFile[] = [];
  for (const file of files) if (!(await has(blobPath(blobDir, file.hash)))) missing.push(file);
  return missing;
}
