/** The most recently used values by key; the oldest goes when there are too many. Failures are not kept. */
export class Recent<T> {
  readonly #values = new Map<string, T>();

  constructor(readonly capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`capacity is ${capacity}; at least 1`);
  }

  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#values.get(key);
    const value = known ?? (await make());
    this.#values.delete(key);
    this.#values.set(key, value);
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.capacity) break;
      this.#values.delete(oldest);
    }
    return value;
  }
}
