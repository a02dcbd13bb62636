import { textOf } from "../../ui/search-text.js";

/** What the form is asked in its URL. */
export interface NewJobSearch {
  /** Id of the job whose body it begins with. */
  readonly from?: string;
}

export function newJobSearch(search: Readonly<Record<string, unknown>>): NewJobSearch {
  const from = textOf(search["from"]);
  return from?.startsWith("job_") ? { from } : {};
}
