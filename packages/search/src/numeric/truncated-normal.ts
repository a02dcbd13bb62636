import { LOG_SQRT_2PI, logAddExp, logGaussMass, logNdtr } from "./normal.js";

const LOG_HALF = -Math.LN2;
/** Scale that matches the logistic distribution's tails to the normal's near the centre: √3/π. */
const LOGISTIC_SCALE = Math.sqrt(3) / Math.PI;
/** Below this log-probability the quadratic tail -z²/2 gives the better start. */
const DEEP_TAIL = -5;
const MAX_STEPS = 60;
const RELATIVE_STOP = 1e-14;

function startingPoint(logP: number): number {
  if (logP >= DEEP_TAIL) return -LOGISTIC_SCALE * Math.log(Math.expm1(-logP));
  const square = -2 * (logP + LOG_SQRT_2PI);
  return -Math.sqrt(Math.max(square - Math.log(Math.max(square, 1)), 1));
}

/**
 * z ≤ 0 with log Φ(z) = logP, for logP ≤ log ½.
 * Newton on log Φ: it is concave and, for z ≤ 0, has slope φ/Φ ≥ 0.79, so the steps never run away.
 */
export function inverseLogNdtr(logP: number): number {
  if (logP === -Infinity) return -Infinity;
  let z = startingPoint(logP);
  for (let i = 0; i < MAX_STEPS; i++) {
    const value = logNdtr(z);
    const slope = Math.exp(-0.5 * z * z - LOG_SQRT_2PI - value);
    const step = (value - logP) / slope;
    z -= step;
    if (Math.abs(step) <= RELATIVE_STOP * Math.abs(z)) break;
  }
  return z;
}

/**
 * Inverse cdf of the standard normal truncated to [a, b] at quantile q in [0, 1].
 * Whichever tail holds at most half of the untruncated mass is used, by symmetry, so digits are kept on both sides.
 */
export function truncatedNormalQuantile(q: number, a: number, b: number): number {
  if (q <= 0) return a;
  if (q >= 1) return b;
  const logMass = logGaussMass(a, b);
  const fromLeft = logAddExp(logNdtr(a), Math.log(q) + logMass);
  const z =
    fromLeft <= LOG_HALF
      ? inverseLogNdtr(fromLeft)
      : -inverseLogNdtr(Math.min(logAddExp(logNdtr(-b), Math.log1p(-q) + logMass), LOG_HALF));
  return Math.min(Math.max(z, a), b);
}
