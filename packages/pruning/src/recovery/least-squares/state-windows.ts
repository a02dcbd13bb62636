import type { Results, TensorData } from "@espalier/graph";

/** Hidden states of windows, [windows, tokens, width], a batch of rows at a time. */
export class StateWindows {
  readonly #values: Float32Array;

  constructor(
    readonly windows: number,
    readonly tokens: number,
    readonly width: number,
  ) {
    this.#values = new Float32Array(windows * tokens * width);
  }

  /** First windows and counts of batches of at most so many rows. */
  batches(rows: number): { readonly start: number; readonly count: number }[] {
    return Array.from({ length: Math.ceil(this.windows / rows) }, (_, i) => {
      return { start: i * rows, count: Math.min(rows, this.windows - i * rows) };
    });
  }

  /** Not copied. */
  read(start: number, count: number): TensorData {
    const size = this.tokens * this.width;
    return {
      data: this.#values.subarray(start * size, (start + count) * size),
      dims: [count, this.tokens, this.width],
    };
  }

  write(start: number, { data }: TensorData): void {
    this.#values.set(data as Float32Array, start * this.tokens * this.width);
  }
}

/** A result that must be there. */
export function resultOf(results: Results, name: string): TensorData {
  const found = results[name];
  if (found === undefined) throw new RangeError(`the graph gave no '${name}'`);
  return found;
}
