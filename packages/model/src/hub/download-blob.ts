import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@espalier/contracts";
import { claimPartial, type Partial } from "./claim-partial.js";
import { diskErrors } from "./disk.js";
import { patiently, TransientFailure } from "./patience.js";
import { askHub, connectionFailure, type HubAnswer, headerOf } from "./request.js";
import { filePath, type HubFile, type HubHash, type HubRevision } from "./revision.js";
import type { HubSettings } from "./settings.js";

const READ_BYTES = 4 * 1024 * 1024;

/** Where a file's content is kept: by its hash, so that revisions share what they have in common. */
export const blobPath = (blobDir: string, { algorithm, hex }: HubHash): string => join(blobDir, `${algorithm}-${hex}`);

export interface BlobRequest {
  readonly settings: HubSettings;
  readonly revision: Pick<HubRevision, "id" | "commit">;
  readonly file: HubFile;
  readonly blobDir: string;
  readonly signal: AbortSignal | undefined;
  /** Bytes of the file that are here; they fall when it has to begin anew. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Brings a file's content to `blobPath`: goes on where an earlier download ended, and checks the hash of the whole.
 * Throws `HUB_FILE_DAMAGED` with both hashes, `HUB_UNAVAILABLE`, `STORAGE_FULL`.
 */
export async function downloadBlob(request: BlobRequest): Promise<void> {
  const { settings, file, blobDir, signal, onBytes } = request;
  const claim = { now: settings.now, signal, onWaiting: onBytes };
  const partial = await diskErrors(() => claimPartial(blobPath(blobDir, file.hash), claim));
  if (partial === undefined) return onBytes(file.sizeBytes);
  let isSettled = false;
  try {
    const filling = await openFilling(partial, file);
    const kept = filling.bytes;
    await fill(request, partial, filling);
    let found = filling.hash.digest("hex");
    // What an earlier download left may have been damaged on the disk, or by another hub: only a whole file tells.
    if (found !== file.hash.hex && kept > 0) {
      await begin(filling, partial, file);
      await fill(request, partial, filling);
      found = filling.hash.digest("hex");
    }
    isSettled = true;
    if (found !== file.hash.hex) {
      await partial.discard();
      throw damaged(request, found);
    }
    await diskErrors(() => partial.finish());
  } finally {
    if (!isSettled) await partial.release();
  }
}

/** How far a file is filled, and the hash of what is there. */
interface Filling {
  bytes: number;
  hash: Hash;
}

function freshHash({ hash, sizeBytes }: HubFile): Hash {
  if (hash.algorithm === "sha256") return createHash("sha256");
  return createHash("sha1").update(`blob ${sizeBytes}\0`);
}

/** Reads what is there already once, for the hash. */
async function openFilling({ handle }: Partial, file: HubFile): Promise<Filling> {
  const filling: Filling = { bytes: 0, hash: freshHash(file) };
  const { size } = await handle.stat();
  if (size > file.sizeBytes) await handle.truncate(0);
  const buffer = Buffer.alloc(Math.min(READ_BYTES, size));
  while (size <= file.sizeBytes && filling.bytes < size) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, filling.bytes);
    if (bytesRead === 0) break;
    filling.hash.update(buffer.subarray(0, bytesRead));
    filling.bytes += bytesRead;
  }
  return filling;
}

async function begin(filling: Filling, { handle }: Partial, file: HubFile): Promise<void> {
  await handle.truncate(0);
  filling.bytes = 0;
  filling.hash = freshHash(file);
}

/** Downloads until the file has its size; a cut connection goes on where it ended. */
async function fill(request: BlobRequest, partial: Partial, filling: Filling): Promise<void> {
  const { settings, file, revision, signal, onBytes } = request;
  let reached = filling.bytes;
  const patience = {
    signal,
    random: settings.random,
    baseMs: settings.retryBaseMs,
    gotFurther: () => {
      const further = filling.bytes > reached;
      reached = filling.bytes;
      return further;
    },
  };
  onBytes(filling.bytes);
  await patiently(patience, async () => {
    if (filling.bytes === file.sizeBytes) return;
    const answer = await askHub(settings, {
      path: filePath(revision.id, revision.commit, file.name),
      id: revision.id,
      what: `'${file.name}'`,
      headers: filling.bytes === 0 ? {} : { range: `bytes=${filling.bytes}-` },
      signal,
    });
    if (filling.bytes > 0 && !continuesAt(answer, filling.bytes)) await begin(filling, partial, file);
    await receive(answer, request, partial, filling);
    if (filling.bytes < file.sizeBytes) {
      throw new TransientFailure(`'${file.name}' ended at byte ${filling.bytes} of ${file.sizeBytes}`);
    }
  });
}

/** Whether an answer is the asked rest of the file; a hub that knows no ranges sends the whole. */
function continuesAt({ status, headers }: HubAnswer, position: number): boolean {
  return status === 206 && headerOf(headers, "content-range")?.startsWith(`bytes ${position}-`) === true;
}

async function receive(answer: HubAnswer, request: BlobRequest, partial: Partial, filling: Filling): Promise<void> {
  const { file, signal, onBytes } = request;
  const chunks = answer.body[Symbol.asyncIterator]();
  for (;;) {
    const next = await chunks.next().catch((error: unknown) => {
      signal?.throwIfAborted();
      throw connectionFailure(error, `'${file.name}' was cut at byte ${filling.bytes}`);
    });
    if (next.done === true) return;
    const chunk: Buffer = next.value;
    if (filling.bytes + chunk.byteLength > file.sizeBytes) {
      answer.body.destroy();
      throw new AppError("HUB_FILE_DAMAGED", `The hub sends more than the ${file.sizeBytes} bytes of '${file.name}'.`);
    }
    await diskErrors(() => writeFully(partial.handle, chunk, filling.bytes));
    filling.hash.update(chunk);
    filling.bytes += chunk.byteLength;
    onBytes(filling.bytes);
  }
}

/** A write may take less than it is given. */
async function writeFully(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    done += (await handle.write(chunk, done, chunk.byteLength - done, position + done)).bytesWritten;
  }
}

function damaged({ file, revision }: BlobRequest, found: string): AppError {
  const { algorithm, hex } = file.hash;
  return new AppError(
    "HUB_FILE_DAMAGED",
    `'${file.name}' of '${revision.id}' arrived damaged: ${algorithm} ${found}, expected ${hex}. Try again; if it stays so, tell whoever runs the hub.`,
  );
}
