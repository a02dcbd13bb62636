import { indices, inverseSpd } from "../linear-algebra/index.js";
import type { ProjectionStatistics } from "./projection.js";
import { gramOf, regularised, ridgeTerm } from "./ridge.js";

/** Memory for cached inverses unless told otherwise: all four λ of a 100M-parameter model. */
const DEFAULT_MEMORY_BYTES = 512 * 1024 * 1024;

/**
 * P = (G + μI)⁻¹ per (layer, projection, λ), computed on first use; the least recently used leave when the bound is
 * reached. One cache belongs to one set of statistics: the Gram matrices must not change under it.
 */
export class InverseCache {
  readonly #entries = new Map<string, Float64Array>();
  #bytes = 0;

  constructor(readonly memoryBytes: number = DEFAULT_MEMORY_BYTES) {}

  /** P [inputs, inputs]; do not write to it. Throws NotPositiveDefiniteError where the ridge is too small. */
  inverse(statistics: ProjectionStatistics, lambda: number): Float64Array {
    const key = `${statistics.layer} ${statistics.projection} ${lambda}`;
    const known = this.#entries.get(key);
    if (known !== undefined) {
      // A Map iterates in insertion order, so inserting anew marks the entry as the latest used.
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const { inputs } = statistics;
    const gram = gramOf(statistics);
    const inverse = inverseSpd(regularised(gram, inputs, indices(inputs), ridgeTerm(gram, inputs, lambda)), inputs);
    this.#entries.set(key, inverse);
    this.#bytes += inverse.byteLength;
    this.#evict();
    return inverse;
  }

  #evict(): void {
    for (const [key, inverse] of this.#entries) {
      if (this.#bytes <= this.memoryBytes || this.#entries.size === 1) return;
      this.#entries.delete(key);
      this.#bytes -= inverse.byteLength;
    }
  }
}
