/** This many newest trials keep full weight (Bergstra et al., 2011; Optuna `default_weights`). */
const FULL_WEIGHT_TRIALS = 25;

/** Weights of `count` trials, oldest first: evenly from 1/count up to 1, then 1 for the newest 25. */
export function recencyWeights(count: number): Float64Array {
  const weights = new Float64Array(count).fill(1);
  const ramp = count - FULL_WEIGHT_TRIALS;
  if (ramp <= 0) return weights;
  const first = 1 / count;
  const step = ramp > 1 ? (1 - first) / (ramp - 1) : 0; // a ramp of one trial is its start, not its end
  for (let i = 0; i < ramp; i++) weights[i] = first + i * step;
  return weights;
}
