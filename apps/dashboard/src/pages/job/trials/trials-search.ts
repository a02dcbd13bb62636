import { type TrialState, trialStates } from "@espalier/contracts";
import { numberOf } from "../../../ui/search-number.js";

export const trialSorts = ["number", "-number", "score", "-score", "duration", "-duration"] as const;
export type TrialSort = (typeof trialSorts)[number];

/** What the table of trials is asked in its URL. */
export interface TrialsSearch {
  readonly sort?: TrialSort;
  readonly state?: TrialState;
  /** Only trials with this perplexity or a lower one. */
  readonly below?: number;
  /** Number of the trial that stands at the top. */
  readonly at?: number;
}

export function trialsSearch(search: Readonly<Record<string, unknown>>): TrialsSearch {
  const sort = trialSorts.find((one) => one === search["sort"]);
  const state = trialStates.find((one) => one === search["state"]);
  const [at, below] = [numberOf(search["at"]), search["below"]];
  return {
    ...(sort && { sort }),
    ...(state && { state }),
    ...(typeof below === "number" && below > 0 && { below }),
    ...(at !== undefined && { at }),
  };
}

/** Whether a search shows all trials by their number, so that any of them can be reached at once. */
export const isByNumber = ({ sort = "number", state, below }: TrialsSearch): boolean =>
  sort === "number" && state === undefined && below === undefined;
