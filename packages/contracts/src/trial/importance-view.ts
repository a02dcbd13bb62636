import { z } from "zod";

/** Trials that importances and slices are made from, at most. */
export const ANALYSED_TRIALS = 10_000;

/** Which trials an analysis of parameters was made from. */
export const analysedTrials = {
  trials: z
    .number()
    .int()
    .min(0)
    .describe("Trials looked at: completed ones of sampler and starts; a refined one says nothing about its point"),
  truncated: z
    .boolean()
    .describe(
      `There are more such trials: at most ${ANALYSED_TRIALS} at even distances were looked at, the latest improvements among them`,
    ),
};

export const importanceQuery = z.strictObject({
  quantile: z.coerce
    .number()
    .min(0.001)
    .max(0.9)
    .default(0.1)
    .describe("Importance for being among this share of the best trials"),
});
export type ImportanceQuery = z.infer<typeof importanceQuery>;

/** Answer to `GET /v1/jobs/{id}/importance`. */
export const importanceView = z.strictObject({
  ...analysedTrials,
  quantile: z.number(),
  top_trials: z.number().int().min(0).describe("Trials that count as best; ties with the last one belong to them"),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        importance: z.number().min(0).max(1).describe("Share of all importances; they sum to 1"),
        variance: z
          .number()
          .min(0)
          .describe("PED-ANOVA's raw value: variance of the chance to be among the best that the parameter explains"),
      }),
    )
    .describe("Most important first (PED-ANOVA, arXiv 2304.10255)"),
  reason: z.string().nullable().describe("Why there are no importances"),
});
export type ImportanceView = z.infer<typeof importanceView>;
