import { numberOf, shareOf } from "../../../ui/search-number.js";

/** Which plan of the front is chosen: a trial has one for each sparsity. */
export interface FrontSearch {
  readonly trial?: number;
  readonly sparsity?: number;
}

export function frontSearch(search: Readonly<Record<string, unknown>>): FrontSearch {
  const [trial, sparsity] = [numberOf(search["trial"]), shareOf(search["sparsity"])];
  return { ...(trial !== undefined && { trial }), ...(sparsity !== undefined && { sparsity }) };
}
