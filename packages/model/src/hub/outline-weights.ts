import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@espalier/contracts";
import { headerLength, LENGTH_BYTES } from "../safetensors/header.js";
import { diskErrors } from "./disk.js";
import { patiently, TransientFailure } from "./patience.js";
import { askHub, connectionFailure } from "./request.js";
import { filePath, type HubFile, type HubRevision } from "./revision.js";
import type { HubSettings } from "./settings.js";

/** Headers of most shards are smaller: one request is enough for them. */
const FIRST_BYTES = 128 * 1024;

export interface OutlineRequest {
  readonly settings: HubSettings;
  readonly revision: HubRevision;
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes a safetensors file that has the header and the size of the hub's one, and a hole in place of the tensors: it can be
 * opened and checked like the whole, and takes no room. Throws `MODEL_FILE_MALFORMED`, `HUB_UNAVAILABLE`.
 */
export async function outlineWeights(request: OutlineRequest, file: HubFile, dir: string): Promise<void> {
  const { name, sizeBytes } = file;
  const first = await readRange(request, file, 0, Math.min(FIRST_BYTES, sizeBytes));
  const wanted = LENGTH_BYTES + headerLength(first.subarray(0, LENGTH_BYTES), sizeBytes, name);
  const rest =
    wanted > first.byteLength ? [await readRange(request, file, first.byteLength, wanted - first.byteLength)] : [];
  await diskErrors(async () => {
    const handle = await open(join(dir, name), "wx");
    try {
      await writeOutline(handle, [first, ...rest], wanted, sizeBytes);
    } finally {
      await handle.close();
    }
  });
}

async function writeOutline(handle: FileHandle, parts: readonly Uint8Array[], header: number, size: number) {
  await handle.writeFile(Buffer.concat(parts).subarray(0, header));
  await handle.truncate(size);
}

/** Exactly `length` bytes of the hub's file from `start` on. */
function readRange(request: OutlineRequest, file: HubFile, start: number, length: number): Promise<Buffer> {
  const { settings, revision, signal } = request;
  const what = `'${file.name}'`;
  return patiently({ signal, random: settings.random, baseMs: settings.retryBaseMs }, async () => {
    const answer = await askHub(settings, {
      path: filePath(revision.id, revision.commit, file.name),
      id: revision.id,
      what,
      headers: { range: `bytes=${start}-${start + length - 1}` },
      signal,
    });
    if (answer.status !== 206 && start > 0) {
      answer.body.destroy();
      throw new AppError(
        "HUB_UNAVAILABLE",
        `The hub sends no ranges of ${what} of '${revision.id}'. Download it first.`,
      );
    }
    const part = Buffer.alloc(length);
    let bytes = 0;
    try {
      for await (const chunk of answer.body) {
        bytes += (chunk as Buffer).copy(part, bytes);
        if (bytes === length) break; // leaving the loop ends an answer that is more than was asked
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw connectionFailure(error, `${what} was cut`);
    }
    if (bytes < length) throw new TransientFailure(`${what} ended at byte ${start + bytes}`);
    return part;
  });
}
