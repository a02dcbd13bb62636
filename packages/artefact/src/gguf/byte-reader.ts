import type { FileHandle } from "node:fs/promises";

const CHUNK_BYTES = 1024 * 1024;

/** Reads little-endian values of a file one after another. */
export class ByteReader {
  #chunk: Buffer = Buffer.alloc(0);
  /** Of the chunk, in the file. */
  #start = 0;
  #at = 0;

  constructor(private readonly handle: FileHandle) {}

  /** Bytes read so far. */
  get position(): number {
    return this.#start + this.#at;
  }

  async uint32(): Promise<number> {
    return (await this.bytes(4)).readUInt32LE();
  }

  async int32(): Promise<number> {
    return (await this.bytes(4)).readInt32LE();
  }

  async float32(): Promise<number> {
    return (await this.bytes(4)).readFloatLE();
  }

  async bool(): Promise<boolean> {
    return (await this.bytes(1)).readUInt8() !== 0;
  }

  /** Throws RangeError beyond 2^53. */
  async uint64(): Promise<number> {
    const value = Number((await this.bytes(8)).readBigUInt64LE());
    if (!Number.isSafeInteger(value)) throw new RangeError(`a size of ${value} before byte ${this.position}`);
    return value;
  }

  async text(): Promise<string> {
    return (await this.bytes(await this.uint64())).toString("utf8");
  }

  /** The next bytes, valid until the next call. Throws RangeError at the end of the file. */
  async bytes(count: number): Promise<Buffer> {
    if (this.#at + count > this.#chunk.length) await this.#fill(count);
    const bytes = this.#chunk.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }

  async #fill(count: number): Promise<void> {
    const start = this.position;
    const size = (await this.handle.stat()).size;
    if (start + count > size) throw new RangeError(`the file ends within ${count} bytes after byte ${start}`);
    const chunk = Buffer.alloc(Math.min(Math.max(count, CHUNK_BYTES), size - start));
    await this.handle.read(chunk, 0, chunk.length, start);
    [this.#chunk, this.#start, this.#at] = [chunk, start, 0];
  }
}
