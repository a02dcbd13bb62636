import { z } from "zod";
import { pageQuery } from "../http/page.js";
import { trialStates } from "./states.js";

export const trialSortKeys = ["number", "-number", "score", "-score", "duration", "-duration"] as const;

export const trialQuery = pageQuery.extend({
  state: z.enum(trialStates).optional(),
  min_score: z.coerce.number().optional(),
  max_score: z.coerce.number().optional(),
  sort: z.enum(trialSortKeys).default("number").describe("A leading minus sorts descending; nulls come last"),
});
export type TrialQuery = z.infer<typeof trialQuery>;

export const historyQuery = z.strictObject({
  points: z.coerce.number().int().min(2).max(5000).default(500).describe("At most this many points"),
});

export const historyView = z.strictObject({
  trials: z.array(
    z.strictObject({
      number: z.number().int(),
      state: z.string(),
      score: z.number().nullable(),
      best_score: z.number().nullable(),
    }),
  ),
  baselines: z.array(
    z.strictObject({ name: z.string(), sparsity: z.number(), scoring_perplexity: z.number().nullable() }),
  ),
  total: z.number().int().describe("Settled trials before downsampling"),
});
export type HistoryView = z.infer<typeof historyView>;
