/**
 * CPU milliseconds of this process while the work runs. One thread does the work, so that on an idle machine this is the
 * time that passes, and on a busy one it still can be compared.
 */
export async function cpuMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** Value at a share of the sorted ones. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
}
