import { type FileHandle, open } from "node:fs/promises";
import { writeAtomically } from "../atomic-file.js";

/** One row of float32 numbers per sample in a file, at sample · row bytes: hidden states, or gradients of them. */
export interface StateFile {
  /** Rows of some samples, one after another. */
  read(samples: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Where rows go. */
export interface StateWriter {
  write(samples: readonly number[], rows: Float32Array): Promise<void>;
}

/** Opens a file of rows of `length` numbers. */
export async function openStates(path: string, length: number): Promise<StateFile> {
  const handle = await open(path, "r");
  return {
    async read(samples) {
      const rows = new Float32Array(samples.length * length);
      for (const [row, sample] of samples.entries()) {
        const bytes = bytesOf(rows, row, length);
        const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, sample * bytes.byteLength);
        if (bytesRead < bytes.byteLength) throw new RangeError(`'${path}' ends inside the states of sample ${sample}`);
      }
      return rows;
    },
    close: () => handle.close(),
  };
}

/** Writes a file of rows that appears whole or not at all. */
export async function writeStates(
  path: string,
  length: number,
  fill: (writer: StateWriter) => Promise<void>,
): Promise<void> {
  await writeAtomically(path, async (temporary) => {
    const handle = await open(temporary, "w");
    try {
      await fill(writerOf(handle, length));
    } finally {
      await handle.close();
    }
  });
}

function writerOf(handle: FileHandle, length: number): StateWriter {
  return {
    async write(samples, rows) {
      for (const [row, sample] of samples.entries()) {
        const bytes = bytesOf(rows, row, length);
        await handle.write(bytes, 0, bytes.byteLength, sample * bytes.byteLength);
      }
    },
  };
}

const bytesOf = (rows: Float32Array, row: number, length: number): Uint8Array =>
  new Uint8Array(rows.buffer, rows.byteOffset + 4 * row * length, 4 * length);
