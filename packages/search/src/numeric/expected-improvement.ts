import { LOG_SQRT_2PI, logNdtr } from "./normal.js";

/** Expected amount by which a normal value of this mean and deviation falls below `best` (Mockus, 1975). */
export function expectedImprovement(mean: number, deviation: number, best: number): number {
  if (!(deviation > 0)) return Math.max(best - mean, 0);
  const z = (best - mean) / deviation;
  return deviation * (z * Math.exp(logNdtr(z)) + Math.exp(-0.5 * z * z - LOG_SQRT_2PI));
}
