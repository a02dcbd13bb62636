import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** A file of this machine and what it must hold. */
export interface LocalFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hex. */
  readonly sha256: string;
}

/**
 * The file's bytes in parts, each valid until the next is asked for. Rejects with RangeError, at the latest after the last
 * part, when they are not what was described.
 */
export async function readParts(file: LocalFile, partBytes: number): Promise<AsyncGenerator<Uint8Array>> {
  return partsOf(await open(file.path, "r"), file, partBytes);
}

async function* partsOf(handle: FileHandle, file: LocalFile, partBytes: number): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  try {
    const buffer = Buffer.allocUnsafe(Math.min(partBytes, file.sizeBytes));
    for (let left = file.sizeBytes; left > 0; ) {
      const part = buffer.subarray(0, Math.min(partBytes, left));
      await readFully(handle, part, file);
      hash.update(part);
      left -= part.length;
      yield part;
    }
    if (hash.digest("hex") !== file.sha256) throw new RangeError(`'${file.path}' changed since it was written`);
  } finally {
    await handle.close();
  }
}

async function readFully(handle: FileHandle, part: Uint8Array, { path }: LocalFile): Promise<void> {
  for (let at = 0; at < part.length; ) {
    const { bytesRead } = await handle.read(part, at, part.length - at);
    if (bytesRead === 0) throw new RangeError(`'${path}' is shorter than it was`);
    at += bytesRead;
  }
}
