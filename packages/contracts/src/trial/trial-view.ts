import { z } from "zod";
import { instant } from "../job/job-view.js";
import { trialState } from "./states.js";

export const parameterValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type ParameterValue = z.infer<typeof parameterValue>;

/** What a trial reached at one sparsity. */
export const trialResult = z.strictObject({
  sparsity: z.number(),
  achieved_sparsity: z.number(),
  parameters: z.number().int(),
  scoring_perplexity: z.number().positive().nullable(),
  kv_groups: z.array(z.number().int()).describe("KV groups kept, per layer"),
  channels: z.array(z.number().int()).describe("MLP channels kept, per layer; of a layer with experts: experts"),
  query_heads: z
    .array(z.number().int())
    .optional()
    .describe("Query heads kept, per layer; only where some left KV groups that stay"),
});
export type TrialResult = z.infer<typeof trialResult>;

export const trialOrigin = z
  .enum(["start", "sampler", "refinement"])
  .nullable()
  .describe(
    "`start`: an informed starting point; `refinement`: the best plan so far with another exchange of units, or exchanges of the job that this one starts from",
  );

export const trialView = z
  .strictObject({
    number: z.number().int().min(0),
    state: trialState,
    origin: trialOrigin,
    params: z.record(z.string(), parameterValue).nullable(),
    score: z.number().nullable().describe("The objective: weighted mean of log perplexity; lower is better"),
    rival: z.number().int().min(0).nullable().describe("Trial that it raced against"),
    partial_score: z
      .number()
      .nullable()
      .describe("Of a pruned trial: its rival's score plus the mean difference to it on the windows that were read"),
    scored_share: z
      .number()
      .gt(0)
      .max(1)
      .nullable()
      .describe("Share of the scoring tokens that it read; below 1 where it was pruned"),
    results: z.array(trialResult),
    attempts: z.number().int(),
    half_batch: z.boolean().describe("Its latest attempt ran half as many windows at a time, since memory had run out"),
    started_at: instant.nullable(),
    finished_at: instant.nullable(),
    duration_seconds: z.number().nullable(),
    reason: z.string().nullable().describe("Why it failed or is infeasible"),
  })
  .meta({ id: "Trial" });
export type TrialView = z.infer<typeof trialView>;
