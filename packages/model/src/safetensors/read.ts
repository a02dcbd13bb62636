import { basename } from "node:path";
import { openRegularFile, readFully } from "../files/regular-file.js";
import { isWeightDtype, weightDtypes } from "./dtype.js";
import { brainToFloat, halfValues } from "./half.js";
import { headerLength, LENGTH_BYTES, parseHeader, type SafetensorsHeader, type TensorInfo } from "./header.js";
import { malformed, quoted } from "./malformed.js";

/** One safetensors file: its checked header and its size. No tensor data is held. */
export interface SafetensorsFile extends SafetensorsHeader {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Bytes that are read at once while half-width tensors are widened. */
const CHUNK_BYTES = 4 * 1024 * 1024;

const refusal = (path: string) => ({
  missing: "MODEL_NOT_FOUND" as const,
  unreadable: "MODEL_FILE_MALFORMED" as const,
  label: basename(path),
});

/** Reads and checks a file's header. Throws `MODEL_FILE_MALFORMED` for anything but a well-formed file. */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const label = basename(path);
  const handle = await openRegularFile(path, refusal(path));
  try {
    const { size } = await handle.stat();
    const first8 = new Uint8Array(Math.min(LENGTH_BYTES, size));
    await readFully(handle, first8, 0);
    const header = new Uint8Array(headerLength(first8, size, label));
    if ((await readFully(handle, header, LENGTH_BYTES)) < header.byteLength) {
      throw malformed(label, "ends inside its header");
    }
    return { path, sizeBytes: size, ...parseHeader(header, path, size, label) };
  } finally {
    await handle.close();
  }
}

/**
 * A tensor's values as float32, row-major. F16 and BF16 are widened exactly; other dtypes are refused by name. `onBytes`
 * sees the file's own bytes in order, each chunk until the next one.
 */
export async function readTensor(
  tensor: TensorInfo,
  onBytes: (chunk: Uint8Array) => void = () => undefined,
): Promise<Float32Array> {
  if (!isWeightDtype(tensor.dtype)) {
    const readable = weightDtypes.join(", ");
    throw malformed(
      basename(tensor.path),
      `tensor ${quoted(tensor.name)} is ${tensor.dtype}; weights must be ${readable}`,
    );
  }
  if (tensor.dtype === "F32") {
    const values = new Float32Array((tensor.end - tensor.begin) / 4);
    let done = 0;
    for await (const chunk of tensorBytes(tensor, new Uint8Array(values.buffer))) {
      onBytes(chunk);
      done += chunk.byteLength;
    }
    return done === values.byteLength ? values : fail(tensor);
  }
  const values = new Float32Array((tensor.end - tensor.begin) / 2);
  const widen = tensor.dtype === "F16" ? halfLookup() : brainToFloat;
  let at = 0;
  for await (const chunk of tensorBytes(tensor)) {
    onBytes(chunk);
    const halves = new Uint16Array(chunk.buffer, chunk.byteOffset, chunk.byteLength / 2);
    for (const bits of halves) values[at++] = widen(bits);
  }
  return values;
}

function halfLookup(): (bits: number) => number {
  const table = halfValues();
  return (bits) => table[bits] ?? 0;
}

function fail(tensor: TensorInfo): never {
  throw malformed(basename(tensor.path), `became shorter while tensor ${quoted(tensor.name)} was read`);
}

/**
 * A tensor's raw bytes in order, in chunks. With `whole` (its full length) they are read straight into place;
 * without, each chunk is valid only until the next one is asked for.
 */
export async function* tensorBytes(tensor: TensorInfo, whole?: Uint8Array): AsyncGenerator<Uint8Array> {
  const total = tensor.end - tensor.begin;
  const handle = await openRegularFile(tensor.path, refusal(tensor.path));
  try {
    const buffer = whole ?? new Uint8Array(Math.min(CHUNK_BYTES, total));
    for (let done = 0; done < total; ) {
      const length = Math.min(CHUNK_BYTES, total - done);
      const chunk = whole === undefined ? buffer.subarray(0, length) : buffer.subarray(done, done + length);
      if ((await readFully(handle, chunk, tensor.begin + done)) < length) fail(tensor);
      yield chunk;
      done += length;
    }
  } finally {
    await handle.close();
  }
}
