import type { z } from "zod";
import type { evaluatedModel } from "../job/job-view.js";

type Model = z.input<typeof evaluatedModel>;

/** The models of one finished job in the examples. */
export const dense: Model = {
  name: "dense",
  sparsity: 0,
  achieved_sparsity: 0,
  parameters: 260_032,
  scoring_perplexity: 3.71,
  report_perplexity: 3.74,
  compensation: "none",
  allocation: null,
  trial_number: null,
};

export const baseline: Model = {
  ...dense,
  name: "taylor_second",
  sparsity: 0.2,
  achieved_sparsity: 0.2,
  parameters: 222_144,
  scoring_perplexity: 4.62,
  report_perplexity: 4.66,
  compensation: "least_squares",
  allocation: "global",
};

export const best: Model = {
  ...baseline,
  name: "trial 37",
  scoring_perplexity: 4.21,
  report_perplexity: 4.25,
  allocation: "searched",
  trial_number: 37,
};
