import type { EvaluatedModel } from "@espalier/contracts";

/** A dense model as a profile measures it. */
export const denseModel: EvaluatedModel = {
  name: "dense",
  sparsity: 0,
  achieved_sparsity: 0,
  parameters: 10,
  scoring_perplexity: 5,
  report_perplexity: null,
  compensation: "none",
  allocation: null,
  trial_number: null,
};
