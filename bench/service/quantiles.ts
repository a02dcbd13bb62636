/** Quantiles of times in milliseconds, as columns of a result line. */
export function timesOf(times: readonly number[]): Readonly<Record<string, number | undefined>> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number | undefined =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: sorted.at(-1), min_ms: sorted[0] };
}
