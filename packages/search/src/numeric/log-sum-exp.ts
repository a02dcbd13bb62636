/** Even 100,000 terms this far below the largest change the sum by less than 1e-12 of it: not worth an exponential. */
const LOST = -40;

/** log Σ exp(x_i); -Infinity for none, NaN if any entry is NaN. No allocation. */
export function logSumExp(values: Float64Array): number {
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > high) high = values[i];
  if (high === -Infinity) {
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return Number.NaN;
    return high;
  }
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const below = values[i] - high;
    if (!(below < LOST)) sum += Math.exp(below); // written so that NaN is added, not skipped
  }
  return high + Math.log(sum);
}
