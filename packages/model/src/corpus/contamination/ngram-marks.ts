const EMPTY = -1;

/** A set of n-gram hashes, some of them marked: open addressing in flat arrays, 18 to 36 bytes a hash. */
export class NgramMarks {
  readonly #hashes: Float64Array;
  readonly #marked: Uint8Array;

  /** Room for `capacity` hashes, half of the places empty at least. */
  constructor(capacity: number) {
    let places = 2;
    while (places < 2 * capacity) places *= 2;
    this.#hashes = new Float64Array(places).fill(EMPTY);
    this.#marked = new Uint8Array(places);
  }

  add(hash: number): void {
    this.#hashes[this.#placeOf(hash)] = hash;
  }

  /** Marks a hash; one that was not added is passed over. */
  mark(hash: number): void {
    const place = this.#placeOf(hash);
    if (this.#hashes[place] === hash) this.#marked[place] = 1;
  }

  isMarked(hash: number): boolean {
    return this.#marked[this.#placeOf(hash)] === 1;
  }

  /** Where the hash stands, or the empty place that it would take. */
  #placeOf(hash: number): number {
    const last = this.#hashes.length - 1;
    let place = hash & last; // the low 32 bits of a 53-bit number
    for (;;) {
      const there = this.#hashes[place];
      if (there === hash || there === EMPTY) return place;
      place = (place + 1) & last;
    }
  }
}
