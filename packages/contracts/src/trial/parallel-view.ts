import { z } from "zod";
import { analysedTrials } from "./importance-view.js";
import { parameterRange } from "./slices-view.js";

export const parallelQuery = z.strictObject({
  points: z.coerce.number().int().min(20).max(2000).default(1000).describe("At most this many trials"),
});
export type ParallelQuery = z.infer<typeof parallelQuery>;

/** Share of the trials that counts as best. */
export const TOP_SHARE = 0.1;

/** Answer to `GET /v1/jobs/{id}/parallel`. */
export const parallelView = z.strictObject({
  ...analysedTrials,
  top_score: z
    .number()
    .nullable()
    .describe("The worst score of the best tenth of the trials looked at; null when there are none"),
  axes: z.array(parameterRange).describe("In the order of the search space; empty before the job has one"),
  rows: z
    .array(
      z.strictObject({
        number: z.number().int().min(0).describe("Number of the trial"),
        score: z.number(),
        values: z
          .array(z.number().nullable())
          .describe(
            "On each axis: the value, of a categorical parameter its place among the choices; null where the trial has none",
          ),
      }),
    )
    .describe(
      "By trial number. Of more than `points`: of the best tenth the best, at most half of the rows; then others at even distances",
    ),
});
export type ParallelView = z.infer<typeof parallelView>;
