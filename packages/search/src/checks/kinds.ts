import { checkAcquisition } from "./acquisition.js";
import type { Difference } from "./compare.js";
import type { Fixture } from "./fixture.js";
import { checkGamma } from "./gamma.js";
import { checkGroups } from "./groups.js";
import { checkParzen } from "./parzen.js";
import { checkSplit } from "./split.js";
import { checkWeights } from "./weights.js";

/** Comparison of each kind of fixture. */
export const kinds = {
  acquisition: checkAcquisition,
  gamma: checkGamma,
  groups: checkGroups,
  parzen: checkParzen,
  split: checkSplit,
  weights: checkWeights,
} as const satisfies Record<string, (fixture: Fixture) => Difference | null>;

/** A kind that can be compared. */
export type Kind = keyof typeof kinds;

/** The kind of a fixture by its folder's name, else by its content; null = sampler quality, which is not compared here. */
export function kindOf({ folder, input, expected }: Fixture): Kind | null {
  if (folder === "results") return null;
  const named = Object.keys(kinds).find((kind) => kind === folder) as Kind | undefined;
  if (named !== undefined) return named;
  const has = (...keys: string[]): boolean => keys.some((key) => key in input || key in expected);
  if (has("evaluations")) return "acquisition";
  if (has("groups", "groups_after_each_trial", "intersection", "relative_space")) return "groups";
  if (has("below", "above")) return "split";
  if (has("observations", "distributions", "ab", "z")) return "parzen";
  if (has("weights", "reference_point")) return "weights";
  if (has("n_below")) return "gamma";
  if (Object.values(expected).some((value) => typeof value === "object" && value !== null && "best_so_far" in value)) {
    return null;
  }
  throw new TypeError(`a kind of fixture that is not supported: folder '${folder}'`);
}
