import { z } from "zod";

/** The volume's reference point in units of the dense model's perplexity. */
export const REFERENCE_PERPLEXITY_FACTOR = 100;

const modelPoint = z.strictObject({ parameters: z.number().int(), scoring_perplexity: z.number().positive() });

/** Answer to `GET /v1/jobs/{id}/pareto`. */
export const paretoView = z.strictObject({
  points: z
    .array(
      modelPoint.extend({
        trial_number: z.number().int().min(0),
        sparsity: z.number().describe("Asked sparsity; a trial has one result for each"),
        achieved_sparsity: z.number(),
      }),
    )
    .describe(
      "Plans than which no other is as small and as good, over all completed trials and sparsities, smallest first; " +
        "of equal ones the earlier trial",
    ),
  dense: modelPoint.nullable().describe("Null until it was measured"),
  reference: modelPoint
    .nullable()
    .describe(`As large as the dense model, with ${REFERENCE_PERPLEXITY_FACTOR} times its perplexity`),
  hypervolume: z
    .number()
    .min(0)
    .nullable()
    .describe(
      "Area that the points dominate up to the reference, on the axes parameters ÷ reference parameters and " +
        "ln(perplexity ÷ dense perplexity) ÷ ln(reference perplexity ÷ dense perplexity): 0 for no point within the " +
        "reference, 1 for a model without parameters that is as good as the dense one",
    ),
});
export type ParetoView = z.infer<typeof paretoView>;
