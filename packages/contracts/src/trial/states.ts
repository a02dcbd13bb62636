import { z } from "zod";

export const trialStates = ["waiting", "running", "completed", "pruned", "failed", "infeasible", "cancelled"] as const;
export const trialState = z
  .enum(trialStates)
  .describe("`infeasible`: the plan has no finite perplexity; `pruned`: stopped early by racing");
export type TrialState = z.infer<typeof trialState>;

/** States in which a trial's result is accepted: it counts towards the budget and never changes. */
export const settledTrialStates = [
  "completed",
  "pruned",
  "failed",
  "infeasible",
] as const satisfies readonly TrialState[];
