import type { Rng } from "./rng.js";
import { xoshiro128 } from "./xoshiro.js";

/** Odd constant of Weyl sequences: 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b9;

/** MurmurHash3's 32-bit finaliser: a bijection in which every input bit reaches every output bit. */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The random stream of one trial of one job, so that a retry, another worker or another order gives the same numbers.
 * The four words mix the seed and the trial number in bijective steps: two trials of a job never share a state.
 * @param jobSeed whole number; its low 53 bits count.
 * @param trialNumber whole number, zero or more; its low 32 bits count.
 * @throws RangeError when either is not a safe whole number, or the trial number is negative.
 */
export function streamRng(jobSeed: number, trialNumber: number): Rng {
  if (!Number.isSafeInteger(jobSeed)) throw new RangeError(`job seed ${jobSeed} is not a safe whole number`);
  if (!Number.isSafeInteger(trialNumber) || trialNumber < 0) {
    throw new RangeError(`trial number ${trialNumber} is not a whole number of zero or more`);
  }
  const low = jobSeed >>> 0;
  const high = Math.floor(jobSeed / 4294967296) >>> 0;
  const trial = mix(Math.imul(trialNumber + 1, GOLDEN));
  const a = mix(low ^ trial);
  const b = mix(high ^ mix(trial + GOLDEN));
  const c = mix(a + Math.imul(GOLDEN, 2));
  // The last word is odd, so the state is never all zero.
  return xoshiro128(Uint32Array.of(a, b, c, mix(b ^ c) | 1));
}
