import { floatToHalf, halfValues } from "@espalier/model";

/** Values that share one scale. */
export const Q8_0_BLOCK = 32;

/** A scale in half precision, then one signed byte per value. */
export const Q8_0_BYTES = 2 + Q8_0_BLOCK;

const LARGEST = 127;

/**
 * Packs values into blocks of Q8_0: the scale is the block's largest magnitude / 127, each value the nearest multiple
 * of it. The length must be a multiple of 32.
 */
export function packQ80(values: Float32Array): Uint8Array {
  const blocks = values.length / Q8_0_BLOCK;
  const bytes = new Uint8Array(blocks * Q8_0_BYTES);
  const view = new DataView(bytes.buffer);
  for (let block = 0; block < blocks; block++) {
    const from = block * Q8_0_BLOCK;
    const to = block * Q8_0_BYTES;
    let largest = 0;
    for (let i = 0; i < Q8_0_BLOCK; i++) largest = Math.max(largest, Math.abs(values[from + i]));
    const scale = largest / LARGEST;
    view.setUint16(to, floatToHalf(scale), true);
    // An all-zero block has the scale zero.
    const steps = scale === 0 ? 0 : 1 / scale;
    for (let i = 0; i < Q8_0_BLOCK; i++) view.setInt8(to + 2 + i, Math.round(values[from + i] * steps));
  }
  return bytes;
}

/** The values of blocks of Q8_0. */
export function unpackQ80(bytes: Uint8Array): Float32Array {
  const blocks = bytes.length / Q8_0_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const halves = halfValues();
  const values = new Float32Array(blocks * Q8_0_BLOCK);
  for (let block = 0; block < blocks; block++) {
    const at = block * Q8_0_BYTES;
    const scale = halves[view.getUint16(at, true)];
    for (let i = 0; i < Q8_0_BLOCK; i++) values[block * Q8_0_BLOCK + i] = scale * view.getInt8(at + 2 + i);
  }
  return values;
}
