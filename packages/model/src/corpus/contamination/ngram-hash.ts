const TWO_TO_32 = 0x1_0000_0000;
const LANE_A = 0x9e3779b1;
const LANE_B = 0x85ebca77;

/**
 * 53-bit hash of the `n` token ids from `at`: two 32-bit lanes of multiply and shift, 21 bits of one above 32 of the
 * other, so that a plain number holds it exactly. Two different n-grams agree with odds of about 2⁻⁵³ ≈ 1.1e-16.
 */
export function ngramHash(ids: Int32Array, at: number, n: number): number {
  let a = n;
  let b = ~n;
  for (let i = at; i < at + n; i++) {
    const id = ids[i] as number; // the caller keeps at + n within ids
    a = Math.imul(a ^ id, LANE_A);
    a ^= a >>> 15;
    b = Math.imul(b ^ id, LANE_B);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (b >>> 16), LANE_B);
  b = Math.imul(b ^ (a >>> 16), LANE_A);
  b ^= b >>> 16;
  return (a >>> 11) * TWO_TO_32 + (b >>> 0);
}
