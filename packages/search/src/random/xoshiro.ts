import type { Rng } from "./rng.js";

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** 2^-53: the step of the doubles that `next` returns. */
const UNIT = 1 / 9007199254740992;

/**
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), period 2^128 - 1.
 * @param state four 32-bit words, not all zero; it is copied.
 * @throws RangeError when the state is all zero or not four words long.
 */
export function xoshiro128(state: Uint32Array): Rng {
  if (state.length !== 4 || state.every((word) => word === 0)) {
    throw new RangeError(`xoshiro128 needs four words that are not all zero, got [${state.join(", ")}]`);
  }
  const s = Uint32Array.from(state);
  const word = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return result;
  };
  return { next: () => ((word() >>> 5) * 67108864 + (word() >>> 6)) * UNIT };
}
