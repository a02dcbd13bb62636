import type { Status } from "@espalier/client";
import { formatCount, formatDuration } from "@espalier/contracts";

export type Worker = Status["workers"][number];

/** "3 pieces of work". */
export const pieces = (count: number): string =>
  count === 1 ? "1 piece of work" : `${formatCount(count)} pieces of work`;

/** Versions of workers that are there and are not the API's, each once. */
export const otherVersions = ({ version, workers }: Status): readonly string[] => [
  ...new Set(workers.flatMap((worker) => (worker.stale || worker.version === version ? [] : [worker.version]))),
];

/** The API's time at which a status was read, in milliseconds: the reader's own clock may be off. */
const readAt = ({ started_at, uptime_seconds }: Status): number => Date.parse(started_at) + 1000 * uptime_seconds;

const [MINUTE, HOUR] = [60, 3600];

/** Whole seconds, from a minute on whole minutes, from an hour on hours and minutes. */
export function roughly(seconds: number): string {
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  return seconds < HOUR ? `${Math.floor(seconds / MINUTE)} min` : formatDuration(Math.floor(seconds));
}

/** How long before the status was read something was: "4 s ago". */
export function before(status: Status, instant: string): string {
  const seconds = (readAt(status) - Date.parse(instant)) / 1000;
  return seconds < 1 ? "just now" : `${roughly(seconds)} ago`;
}

/** The end of an id, enough to tell workers apart. */
export const shortId = (id: string): string => id.slice(-6);
