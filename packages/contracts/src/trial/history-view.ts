import { z } from "zod";
import { trialState } from "./states.js";
import { trialOrigin, trialView } from "./trial-view.js";

const numberBound = z.coerce.number().int().min(0).max(2_147_483_647).optional();

export const historyQuery = z.strictObject({
  points: z.coerce.number().int().min(2).max(5000).default(500).describe("At most this many points"),
  min_number: numberBound.describe("Only trials from this number on"),
  max_number: numberBound.describe("Only trials up to this number"),
});
export type HistoryQuery = z.infer<typeof historyQuery>;

const { rival, partial_score, scored_share } = trialView.shape;

const historyPoint = z.strictObject({
  number: z.number().int(),
  state: trialState,
  origin: trialOrigin,
  score: z.number().nullable(),
  best_score: z
    .number()
    .nullable()
    .describe("Lowest score of all numbers up to this one, whatever the order in which trials ended"),
  rival,
  partial_score,
  scored_share,
  perplexities: z
    .array(z.strictObject({ sparsity: z.number(), scoring_perplexity: z.number().positive() }))
    .describe("Of a completed trial, at each asked sparsity"),
});
export type HistoryPoint = z.infer<typeof historyPoint>;

/** Answer to `GET /v1/jobs/{id}/history`. */
export const historyView = z.strictObject({
  trials: z
    .array(historyPoint)
    .describe("By number; of more than `points` the improvements and the last one, then others at even distances"),
  baselines: z.array(
    z.strictObject({ name: z.string(), sparsity: z.number(), scoring_perplexity: z.number().nullable() }),
  ),
  total: z.number().int().describe("Settled trials of the job"),
  thinned: z.boolean().describe("There are more trials between the asked numbers than were sent"),
});
export type HistoryView = z.infer<typeof historyView>;
