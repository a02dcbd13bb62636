import { logNdtr } from "../numeric/normal.js";
import { signedRankTail } from "./signed-rank.js";

/** Windows between two looks at a race. */
export const RACE_STEP = 8;

/** Windows before the first look: fewer say little about the mean when a window in ten is an outlier. */
const FIRST_LOOK = 16;

/** Quantile of the standard normal at level 0.03. */
const CRITICAL = 1.8808;

/**
 * Whether a trial can be stopped: on the windows seen so far it lost more than its rival, in sum and by the signed-rank
 * test. `differences` are the trial's losses minus the rival's on the same windows, each scaled by its share in the
 * objective; `windows` is how many there are in all.
 *
 * The question is not whether the two differ on text in general but whether the windows still to come can turn the sum
 * over *these* windows. Of a mean over n of N drawn without replacement only the share 1 − n/N of the variance is left,
 * so the test's z is held against 1.88 · √(1 − n/N). Chosen by simulation on window losses of real searches; what it
 * saves and what it costs: `docs/adr/0012-racing.md`.
 */
export function isHopeless(differences: Float64Array, windows: number): boolean {
  const seen = differences.length;
  if (seen < FIRST_LOOK || seen >= windows) return false;
  const total = differences.reduce((sum, difference) => sum + difference, 0);
  const level = Math.exp(logNdtr(-CRITICAL * Math.sqrt(1 - seen / windows)));
  return total > 0 && signedRankTail(differences) < level;
}
