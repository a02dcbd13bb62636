import { z } from "zod";
import { evaluatedModel } from "./job-view.js";
import { splitOverlap } from "./split-overlap.js";
import { jobState } from "./states.js";
import { textSamples } from "./text-samples.js";

/** How much better the found plan is than the best baseline on the report split. */
export const improvement = z.strictObject({
  sparsity: z.number(),
  baseline: z.string(),
  relative: z.number().describe("1 − perplexity found ÷ perplexity of the best baseline"),
  interval: z.tuple([z.number(), z.number()]).describe("95 % paired bootstrap interval over report windows"),
});
export type Improvement = z.infer<typeof improvement>;

/** How much better the found plan is than another model on the report split. */
export const modelDifference = z.strictObject({
  sparsity: z.number().describe("Of the found plan"),
  model: z.string().describe("`dense`, or a baseline of that sparsity"),
  relative: z.number().describe("1 − perplexity found ÷ perplexity of the model"),
  interval: z.tuple([z.number(), z.number()]).describe("95 % paired bootstrap interval over report windows"),
});
export type ModelDifference = z.infer<typeof modelDifference>;

export const comparisonView = z.strictObject({
  state: jobState,
  dense: evaluatedModel.nullable(),
  baselines: z.array(evaluatedModel),
  best: z.array(evaluatedModel),
  improvement: z.array(improvement),
  differences: z
    .array(modelDifference)
    .optional()
    .describe("Every found plan against the dense model and each baseline with a finite perplexity"),
  text_samples: textSamples.optional().describe("Absent until the job has finished"),
  contamination: z.array(splitOverlap).describe("How much the scoring and report texts repeat the others"),
});
export type ComparisonView = z.infer<typeof comparisonView>;
