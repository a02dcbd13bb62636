import { erfc, erfcx } from "./erf.js";

/** log(sqrt(2π)): minus the log density of the standard normal at 0. */
export const LOG_SQRT_2PI = 0.9189385332046727;
const SQRT_HALF = Math.SQRT1_2;
/** Beyond this the standard normal's tail (below 1e-17) is lost when it is added to 1. */
const NEGLIGIBLE_TAIL = 8.6;
/** Half-open width, times 1 + |midpoint|, under which the midpoint series is exact to 5e-12. */
const NARROW = 1e-2;

/** Natural log of the standard normal cdf Φ(z); for z < -1 through erfcx, so the far tail neither underflows nor cancels. */
export function logNdtr(z: number): number {
  if (z < -1) return Math.log(0.5 * erfcx(-z * SQRT_HALF)) - 0.5 * z * z;
  return Math.log1p(-0.5 * erfc(z * SQRT_HALF));
}

/** log(Φ(b) - Φ(a)) for a ≤ b ≤ 0, with the factor φ(b) taken out of both terms. */
function logLeftMass(a: number, b: number): number {
  const outer = a === -Infinity ? 0 : erfcx(-a * SQRT_HALF) * Math.exp(0.5 * (b - a) * (b + a));
  return Math.log(0.5 * (erfcx(-b * SQRT_HALF) - outer)) - 0.5 * b * b;
}

/** log of the mass of a narrow interval: midpoint rule with its second-order term; there Φ(b) - Φ(a) would cancel. */
function logNarrowMass(a: number, b: number): number {
  const width = b - a;
  const middle = a + 0.5 * width;
  return (
    Math.log(width) - LOG_SQRT_2PI - 0.5 * middle * middle + Math.log1p(((middle * middle - 1) * width * width) / 24)
  );
}

/** Natural log of the standard normal's mass on [a, b], a ≤ b, infinities allowed; -Infinity for an empty interval. */
export function logGaussMass(a: number, b: number): number {
  if (a < -NEGLIGIBLE_TAIL && b > NEGLIGIBLE_TAIL) return 0;
  if (b - a < NARROW / (1 + Math.abs(a + b) * 0.5)) return logNarrowMass(a, b);
  if (b <= 0) return logLeftMass(a, b);
  if (a >= 0) return logLeftMass(-b, -a);
  return Math.log1p(-massBeyond(-a * SQRT_HALF) - massBeyond(b * SQRT_HALF));
}

/** Mass of the standard normal beyond x√2, x ≥ 0; 0 where it would be lost in 1, so that rounding x² costs nothing that shows. */
export function massBeyond(x: number): number {
  return x > NEGLIGIBLE_TAIL * SQRT_HALF ? 0 : 0.5 * Math.exp(-x * x) * erfcx(x);
}

/** log(exp(x) + exp(y)); inputs are natural logs, -Infinity allowed. log1p keeps the digits when one is much smaller. */
export function logAddExp(x: number, y: number): number {
  const high = Math.max(x, y);
  return high === -Infinity ? high : high + Math.log1p(Math.exp(-Math.abs(x - y)));
}
