import { numberOf, shareOf } from "../../../ui/search-number.js";

/** Trials whose layers are shown. */
export interface LayersSearch {
  /** Default: the best trial. */
  readonly a?: number;
  /** What it is compared with. */
  readonly b?: number;
  /** Default: the first sparsity. */
  readonly sparsity?: number;
}

export function layersSearch(search: Readonly<Record<string, unknown>>): LayersSearch {
  const [a, b, sparsity] = [numberOf(search["a"]), numberOf(search["b"]), shareOf(search["sparsity"])];
  return { ...(a !== undefined && { a }), ...(b !== undefined && { b }), ...(sparsity !== undefined && { sparsity }) };
}
