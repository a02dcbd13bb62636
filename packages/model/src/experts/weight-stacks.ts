import { decoderName } from "./expert-names.js";

/**
 * Weights by the names that a decoder reads, from Hugging Face tensors given one by one: those of a layer's experts become
 * one matrix of each kind, as that of an MLP with the channels of all of them, expert by expert. `gate_proj` and `up_proj`
 * [F, D] are set below each other; `down_proj` [D, F] side by side. Other tensors are kept uncopied.
 */
export class WeightStacks {
  readonly #weights = new Map<string, Float32Array>();
  readonly #experts = new Map<string, number>();

  /** `tensors`: the names of all tensors that will be given. */
  constructor(tensors: Iterable<string>) {
    for (const tensor of tensors) {
      const { name, expert } = decoderName(tensor);
      if (expert !== undefined) this.#experts.set(name, Math.max(this.#experts.get(name) ?? 0, expert + 1));
    }
  }

  /** Complete once every tensor was given. */
  get weights(): Map<string, Float32Array> {
    return this.#weights;
  }

  /** Takes a tensor [rows, columns] of an expert, or any other. */
  set(tensor: string, shape: readonly number[], values: Float32Array): void {
    const { name, expert } = decoderName(tensor);
    if (expert === undefined) {
      this.#weights.set(name, values);
      return;
    }
    const experts = this.#experts.get(name) ?? 0;
    const whole = this.#weights.get(name) ?? new Float32Array(experts * values.length);
    this.#weights.set(name, whole);
    const [rows = 1, columns = 1] = shape;
    if (!name.endsWith(".down_proj.weight")) {
      whole.set(values, expert * values.length);
      return;
    }
    for (let row = 0; row < rows; row++) {
      const from = values.subarray(row * columns, (row + 1) * columns);
      whole.set(from, (row * experts + expert) * columns);
    }
  }
}
