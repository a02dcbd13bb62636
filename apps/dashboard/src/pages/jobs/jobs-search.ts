import { type JobState, jobStates } from "@espalier/contracts";
import { textOf } from "../../ui/search-text.js";

export const jobSorts = ["-created_at", "created_at", "-finished_at", "finished_at"] as const;

/** What the list of jobs is asked in its URL. */
export interface JobsSearch {
  readonly state?: JobState;
  /** `key:value`. */
  readonly label?: string;
  /** Path of the model. */
  readonly model?: string;
  readonly sort?: (typeof jobSorts)[number];
  /** Where the page begins. */
  readonly cursor?: string;
}

/** Reads the URL; what does not fit is left out. */
export function jobsSearch(search: Readonly<Record<string, unknown>>): JobsSearch {
  const state = jobStates.find((one) => one === search["state"]);
  const sort = jobSorts.find((one) => one === search["sort"]);
  const [label, model, cursor] = [textOf(search["label"]), textOf(search["model"]), textOf(search["cursor"])];
  return {
    ...(state && { state }),
    ...(label?.includes(":") && { label }),
    ...(model && { model }),
    ...(sort && { sort }),
    ...(cursor && { cursor }),
  };
}
