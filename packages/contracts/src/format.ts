/** 12.3 s, 4 min 05 s, 2 h 10 min. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(Math.round(seconds % 60)).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

export const formatPerplexity = (value: number | null): string => (value === null ? "–" : value.toPrecision(5));

export const formatPercent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** 260,032: grouped the same on every machine. */
export const formatCount = (value: number): string => value.toLocaleString("en-US");

const byteUnits = ["kB", "MB", "GB", "TB"] as const;

/** 512 B, 864 kB, 5.45 MB, 13.5 GB: powers of a thousand, three digits. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  // What rounds up to a thousand belongs to the next unit.
  const power = Math.min(byteUnits.length, Math.floor(Math.log10(Number(bytes.toPrecision(3))) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${byteUnits[power - 1]}`;
}
