import { formatCount } from "@espalier/contracts";

interface Analysed {
  readonly trials: number;
  readonly truncated: boolean;
}

/** Which trials an analysis of parameters was made from, in a sentence. */
export const analysedText = ({ trials, truncated }: Analysed): string =>
  truncated
    ? `From ${formatCount(trials)} of the completed trials, evenly spread over the search, the latest improvements among them.`
    : `From all ${formatCount(trials)} completed trials that try a point of the search space.`;

/** Why an analysis counts fewer trials than the job has. */
export const WITHOUT_REFINED =
  "Trials that refine the best plan say nothing about parameters and are left out, as are those that racing stopped.";

/** What "perplexity" is where a trial has several. */
export const perplexityNote = (sparsities: readonly number[]): string =>
  sparsities.length > 1 ? `Perplexity is the geometric mean over the job's ${sparsities.length} targets.` : "";
