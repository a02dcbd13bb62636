import { type Profile, profiles } from "./export-profiles.js";

/** What the artefacts' URL says. */
export interface ArtefactsSearch {
  /** Export whose model card is open. */
  readonly card?: string;
  /** What the form for another export is filled in with: other pages link here with it. */
  readonly trial?: number;
  readonly sparsity?: number;
  readonly profile?: Profile;
}

/** Reads the search of a URL; what makes no sense is as if it were not there. */
export function artefactsSearch({ card, trial, sparsity, profile }: Record<string, unknown>): ArtefactsSearch {
  const form = profiles.find((known) => known === profile);
  return {
    ...(typeof card === "string" ? { card } : {}),
    ...(typeof trial === "number" && Number.isInteger(trial) && trial >= 0 ? { trial } : {}),
    ...(typeof sparsity === "number" && sparsity > 0 && sparsity < 1 ? { sparsity } : {}),
    ...(form === undefined ? {} : { profile: form }),
  };
}
