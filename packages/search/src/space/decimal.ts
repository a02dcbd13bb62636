/** A finite double as `digits × 10^-scale`, read from its shortest decimal text. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

function toDecimal(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = value.toString().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

const rescale = (d: Decimal, scale: number): bigint => d.digits * 10n ** BigInt(scale - d.scale);

/**
 * Largest `low + k·step` (k whole) that does not exceed `high`, in decimal arithmetic.
 * Users write 0.1, not its nearest double: in binary arithmetic (1 - 0) / 0.1 may come out below 10 and lose the end.
 */
export function lastMultiple(low: number, high: number, step: number): number {
  const [l, h, s] = [toDecimal(low), toDecimal(high), toDecimal(step)];
  const scale = Math.max(l.scale, h.scale, s.scale);
  const [from, to, by] = [rescale(l, scale), rescale(h, scale), rescale(s, scale)];
  const rest = (to - from) % by;
  if (rest === 0n) return high;
  return Number(`${to - rest}e-${scale}`);
}
