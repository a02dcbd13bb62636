import { z } from "zod";
import { evaluatedModel } from "./job-view.js";
import { splitOverlap } from "./split-overlap.js";
import { jobState } from "./states.js";

/** How much better the found plan is than the best baseline on the report split. */
export const improvement = z.strictObject({
  sparsity: z.number(),
  baseline: z.string(),
  relative: z.number().describe("1 − perplexity found ÷ perplexity of the best baseline"),
  interval: z.tuple([z.number(), z.number()]).describe("95 % paired bootstrap interval over report windows"),
});
export type Improvement = z.infer<typeof improvement>;

export const comparisonView = z.strictObject({
  state: jobState,
  dense: evaluatedModel.nullable(),
  baselines: z.array(evaluatedModel),
  best: z.array(evaluatedModel),
  improvement: z.array(improvement),
  contamination: z.array(splitOverlap).describe("How much the scoring and report texts repeat the others"),
});
export type ComparisonView = z.infer<typeof comparisonView>;
