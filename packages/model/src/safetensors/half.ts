/**
 * IEEE 754 binary16 and bfloat16, both ways. Widening is exact; narrowing rounds to nearest, ties to even.
 */
const f32 = new Float32Array(1);
const u32 = new Uint32Array(f32.buffer);

function bitsOf(value: number): number {
  f32[0] = value;
  return u32[0] ?? 0;
}

function ofBits(bits: number): number {
  u32[0] = bits;
  return f32[0] ?? 0;
}

/** The value of 16 bits of binary16. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The 16 bits of binary16 nearest to a float32 value; beyond 65,504 by half a step or more it is an infinity. */
export function floatToHalf(value: number): number {
  const bits = bitsOf(value);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN stays NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65,520 and above round to infinity
  if (magnitude < 0x38800000) {
    // Below 2^-14: a multiple of 2^-24. The product is exact; adding and taking 2^52 rounds it to even.
    const steps = ofBits(magnitude) * 2 ** 24;
    return sign | (steps + 2 ** 52 - 2 ** 52);
  }
  const rebased = magnitude - 0x38000000; // exponent bias 127 → 15
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

/** Float32 values in binary16, as bits. */
export function toHalves(values: Float32Array): Uint16Array {
  // Not Uint16Array.from: it makes a list of all numbers first.
  const halves = new Uint16Array(values.length);
  values.forEach((value, i) => {
    halves[i] = floatToHalf(value);
  });
  return halves;
}

/** The value of 16 bits of bfloat16: the upper half of a float32. */
export const brainToFloat = (bits: number): number => ofBits((bits << 16) >>> 0);

/** The 16 bits of bfloat16 nearest to a float32 value. */
export function floatToBrain(value: number): number {
  const bits = bitsOf(value);
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x0040; // keep a NaN from rounding to infinity
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

let halfTable: Float32Array | undefined;

/** All 65,536 values of binary16 by their bits, made on first use: a look-up is several times faster than arithmetic. */
export function halfValues(): Float32Array {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToFloat(bits));
  return halfTable;
}
