/** Source of randomness handed to every sampler. */
export interface Rng {
  /** Next number, uniform on [0, 1) with 53 random bits. */
  next(): number;
}

/** The next whole number, uniform on [0, size). */
export const nextIndex = (rng: Rng, size: number): number => Math.min(Math.floor(rng.next() * size), size - 1);
