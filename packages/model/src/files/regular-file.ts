import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { AppError, type ErrorCode } from "@espalier/contracts";

/** What to say when a file cannot be used. */
export interface FileRefusal {
  readonly missing: ErrorCode;
  readonly unreadable: ErrorCode;
  /** Says to the caller which file it is, without the folder that it lies in. */
  readonly label: string;
}

/** The error code of a failed system call, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Opens a regular file for reading and nothing else: a FIFO, socket or device is refused instead of waited on.
 * The caller closes the handle. Throws `AppError` with the codes given.
 */
export async function openRegularFile(path: string, refusal: FileRefusal): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    // O_NONBLOCK: opening a FIFO without a writer would block for ever. It has no effect on regular files.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new AppError(refusal.missing, `${refusal.label} does not exist. Check the name.`, { cause });
    }
    throw new AppError(refusal.unreadable, `${refusal.label} cannot be opened (${code ?? "unknown reason"}).`, {
      cause,
    });
  }
  const stats = await handle.stat();
  if (!stats.isFile()) {
    await handle.close();
    throw new AppError(refusal.unreadable, `${refusal.label} is not a regular file. Put a plain file in its place.`);
  }
  return handle;
}

/** The whole file as bytes; refused when it is larger than `maxBytes`, before any of it is read. */
export async function readBoundedFile(path: string, maxBytes: number, refusal: FileRefusal): Promise<Buffer> {
  const handle = await openRegularFile(path, refusal);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) {
      throw new AppError(refusal.unreadable, `${refusal.label} has ${size} bytes; at most ${maxBytes} are read.`);
    }
    const bytes = Buffer.alloc(size);
    const read = await readFully(handle, bytes, 0);
    return bytes.subarray(0, read);
  } finally {
    await handle.close();
  }
}

/** One read call is kept below the 2 GiB that the system allows. */
const MAX_READ_BYTES = 1 << 30;

/** Fills `target` from byte `position` on and returns how many bytes there were. */
export async function readFully(handle: FileHandle, target: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < target.byteLength) {
    const length = Math.min(target.byteLength - done, MAX_READ_BYTES);
    const { bytesRead } = await handle.read(target, done, length, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
