const utf8 = new TextEncoder();

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

/**
 * Writes protocol buffer messages (protobuf.dev/programming-guides/encoding): the wire types that ONNX needs.
 * Nested messages are finished byte arrays, so a message is written once its parts are.
 */
export class ProtoWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** An int64 or enum field; negative numbers take ten bytes, as two's complement asks. */
  int(field: number, value: number | bigint): this {
    this.#varint(BigInt((field << 3) | WIRE_VARINT));
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  float(field: number, value: number): this {
    this.#varint(BigInt((field << 3) | WIRE_FIXED32));
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.open(field, value.length).#push(value);
  }

  /** The beginning of a field of bytes or of a message: its content, of that length, is written by someone else. */
  open(field: number, length: number): this {
    this.#varint(BigInt((field << 3) | WIRE_BYTES));
    this.#varint(BigInt(length));
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  message(field: number, value: ProtoWriter): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      out.set(part, offset);
      offset += part.length;
    }
    return out;
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#push(Uint8Array.from(bytes));
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}
