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
