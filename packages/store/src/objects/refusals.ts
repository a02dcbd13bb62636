import { AppError, type JobId } from "@espalier/contracts";
import type { ByteRange } from "./object-store.js";

/** What every object store answers alike. */

export const artifactNotFound = (id: JobId, name: string): AppError =>
  new AppError(
    "ARTIFACT_NOT_FOUND",
    `Job '${id}' has no artefact '${name}'. List them with GET /v1/jobs/${id}/artifacts.`,
  );

/** Throws AppError RANGE_NOT_SATISFIABLE for a range that is empty or leaves the file. */
export function checkRange(name: string, sizeBytes: number, range: ByteRange | undefined): void {
  if (!range || (range.start >= 0 && range.start <= range.end && range.end < sizeBytes)) return;
  throw new AppError(
    "RANGE_NOT_SATISFIABLE",
    `Bytes ${range.start} to ${range.end} were asked of '${name}', which has ${sizeBytes}.`,
  );
}

const STATISTICS_KEY = /^[0-9a-f]{64}$/;

/** Throws RangeError unless the key is a content address. */
export function checkStatisticsKey(key: string): void {
  if (!STATISTICS_KEY.test(key)) throw new RangeError(`not a key of statistics: '${key}'`);
}
