import type { FileHandle } from "node:fs/promises";

/** Writes bytes at the end of what was written, whatever the system takes at once. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    done += (await handle.write(bytes, done, bytes.byteLength - done)).bytesWritten;
  }
}
