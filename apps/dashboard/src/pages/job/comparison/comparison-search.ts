/** What the comparison's URL says. */
export interface ComparisonSearch {
  /** Sparsity that is shown; absent: the first one of the job. */
  readonly sparsity?: number;
}

/** Reads the search of a URL; what makes no sense is as if it were not there. */
export const comparisonSearch = ({ sparsity }: Record<string, unknown>): ComparisonSearch =>
  typeof sparsity === "number" && sparsity > 0 && sparsity < 1 ? { sparsity } : {};
