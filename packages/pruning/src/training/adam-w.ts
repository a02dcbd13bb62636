/** Moments of AdamW; they change in place. */
export interface AdamWState {
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** Updates so far. */
  updates: number;
}

export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** What training frameworks use unless told otherwise. */
export const usualAdamW = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Moments of zeros. */
export const freshAdamW = (count: number): AdamWState => ({
  mean: new Float64Array(count),
  square: new Float64Array(count),
  updates: 0,
});

/**
 * One update of AdamW (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2) with corrected moments, in place:
 * θ ← θ − rate · (m̂ / (√v̂ + ε) + decay · θ).
 */
export function updateAdamW(
  values: Float32Array,
  gradient: Float64Array,
  state: AdamWState,
  rate: number,
  { beta1, beta2, epsilon, weightDecay }: AdamWSettings,
): void {
  const { mean, square } = state;
  if (gradient.length !== values.length || mean.length !== values.length) {
    throw new RangeError(`${gradient.length} gradients and ${mean.length} moments of ${values.length} numbers`);
  }
  state.updates += 1;
  const meanShare = 1 - beta1 ** state.updates;
  const squareShare = 1 - beta2 ** state.updates;
  for (let i = 0; i < values.length; i++) {
    mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
    square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] ** 2;
    const direction = mean[i] / meanShare / (Math.sqrt(square[i] / squareShare) + epsilon);
    values[i] -= rate * (direction + weightDecay * values[i]);
  }
}
