import { numberOf } from "../../../ui/search-number.js";

/** Which cluster's texts are shown. */
export interface CalibrationSearch {
  readonly cluster?: number;
}

export function calibrationSearch(search: Readonly<Record<string, unknown>>): CalibrationSearch {
  const cluster = numberOf(search["cluster"]);
  return cluster === undefined ? {} : { cluster };
}
